// Source cards: beside the conversation, or in a sheet where there is no room.

const panel = document.getElementById("sources");
const sheet = document.getElementById("sheet");
const narrow = window.matchMedia("(max-width: 63.99rem)");

let opener = null;

// Shows the sources of `answer`; with `n`, opens that one for the reader who pressed `from`.
export function showSources(answer, n = null, from = null) {
  opener = from;
  const cards = answer.querySelector(".cards");
  if (!cards) {
    hideSources();
    return;
  }
  if (n && narrow.matches) {
    const card = cards.querySelector(`[data-n="${n}"]`).cloneNode(true);
    sheet.querySelector(".cards").replaceChildren(card);
    sheet.showModal();
    card.focus();
    return;
  }
  panel.querySelector(".cards").replaceChildren(...[...cards.children].map((card) => card.cloneNode(true)));
  panel.hidden = false;
  document.body.classList.add("sourced");
  mark(answer, n);
  if (n) {
    const card = panel.querySelector(`[data-n="${n}"]`);
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }
}

function mark(answer, n) {
  for (const old of document.querySelectorAll(".chosen")) old.classList.remove("chosen");
  if (!n) return;
  for (const each of [answer, panel]) {
    each.querySelectorAll(`[data-n="${n}"]`).forEach((found) => found.classList.add("chosen"));
  }
}

export function hideSources() {
  panel.hidden = true;
  document.body.classList.remove("sourced");
}

function back() {
  if (opener?.isConnected) opener.focus();
  opener = null;
}

sheet.querySelector("button.close").addEventListener("click", () => sheet.close());
sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
panel.addEventListener("keydown", (event) => { if (event.key === "Escape") back(); });
