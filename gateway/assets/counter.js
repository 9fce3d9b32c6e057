// A form of the counter that meets no connection is kept, with its key, and sent until it is recorded.
// Its answer takes the place of the page. Without this script the browser sends it as ever.
const PAUSE_MS = 3000;
const PATIENCE_MS = 10000;
const UNSENT = "sospeso-unsent";

const code = document.querySelector("#code");
const scanned = decodeURIComponent(location.hash.slice(1));
if (code && /^[0-9A-Z*~$=-]{8,24}$/.test(scanned)) {
  code.value = scanned;
  history.replaceState(null, "", location.pathname);
}

// The answer's page, or an error: a server that is away or has too much to do gives none, and a page
// that somebody else put in between is not ours.
async function ask(action, body) {
  const patience = new AbortController();
  const over = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await fetch(action, { method: "POST", headers, body, signal: patience.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status >= 500 || !page.querySelector("#main")) throw new Error("not recorded");
    return page;
  } finally {
    clearTimeout(over);
  }
}

// Waits a little, or until there is a connection again.
function pause() {
  return new Promise((resolve) => {
    const waited = setTimeout(resolve, PAUSE_MS);
    addEventListener("online", () => { clearTimeout(waited); resolve(); }, { once: true });
  });
}

async function deliver({ action, body }) {
  for (const button of document.querySelectorAll("main button")) button.disabled = true;
  let page = null;
  while (!page) {
    try {
      page = await ask(action, body);
    } catch {
      const notice = document.querySelector("[data-keep]");
      if (notice) notice.hidden = false;
      await pause();
    }
  }
  sessionStorage.removeItem(UNSENT);
  show(page);
}

function show(page) {
  document.title = page.title;
  document.querySelector("#main").replaceWith(page.querySelector("#main"));
  scrollTo(0, 0);
  const heading = document.querySelector("main h1");
  heading.tabIndex = -1;
  heading.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("main")) return;
  event.preventDefault();
  // A second tap while the first is under way is the same tap.
  if (sessionStorage.getItem(UNSENT)) return;
  const fields = new URLSearchParams(new FormData(form));
  const pressed = event.submitter;
  if (pressed && pressed.name) fields.append(pressed.name, pressed.value);
  const unsent = { action: form.getAttribute("action"), body: fields.toString() };
  sessionStorage.setItem(UNSENT, JSON.stringify(unsent));
  deliver(unsent);
});

// What was under way when this page was loaded anew still is.
const unsent = sessionStorage.getItem(UNSENT);
if (unsent) deliver(JSON.parse(unsent));
