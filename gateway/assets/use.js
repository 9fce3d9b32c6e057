// The code stands behind the "#", which no browser sends. Without this script it stands on paper.
const code = decodeURIComponent(location.hash.slice(1));
if (/^[0-9A-Z*~$=-]{8,24}$/.test(code)) {
  for (const box of document.querySelectorAll("[data-code-box]")) box.hidden = false;
  for (const place of document.querySelectorAll("[data-code]")) place.textContent = code;
  for (const link of document.querySelectorAll("[data-code-link]")) link.hash = code;
}
