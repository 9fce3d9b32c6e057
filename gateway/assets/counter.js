// A form of the counter that meets no connection is kept, with its key, and sent until it is recorded.
// Without this script the browser sends it as ever.
const PAUSE_MS = 3000;
const notice = document.querySelector("[data-keep]");
const code = document.querySelector("#code");
const scanned = decodeURIComponent(location.hash.slice(1));
if (code && /^[0-9A-Z*~$=-]{8,24}$/.test(scanned)) {
  code.value = scanned;
  history.replaceState(null, "", location.pathname);
}

async function send(action, body) {
  for (;;) {
    try {
      const answer = await fetch(action, { method: "POST", body });
      if (answer.status !== 503) return answer;
    } catch { /* no connection */ }
    if (notice) notice.hidden = false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

let sending = false;
for (const form of document.querySelectorAll("main form")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    for (const button of document.querySelectorAll("main button")) button.disabled = true;
    const page = await (await send(form.getAttribute("action"), body)).text();
    document.open();
    document.write(page);
    document.close();
  });
}
