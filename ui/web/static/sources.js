// Source cards: beside the conversation, or in a sheet where there is no room.

const panel = document.getElementById("sources");
const sheet = document.getElementById("sheet");
const narrow = window.matchMedia("(max-width: 63.99rem)");

let opener = null;

// Shows the sources of `answer`; with `n`, opens the quote of that citation for the reader who pressed `from`.
export function showSources(answer, n = null, from = null) {
  opener = from;
  const cards = answer.querySelector(".cards");
  if (!cards) {
    hideSources();
    return;
  }
  if (n && narrow.matches) {
    const card = quoteOf(cards, n).closest(".card").cloneNode(true);
    sheet.querySelector(".cards").replaceChildren(card);
    choose(answer, n);
    sheet.showModal();
    reveal(card, n);
    return;
  }
  panel.querySelector(".cards").replaceChildren(...[...cards.children].map((card) => card.cloneNode(true)));
  panel.hidden = false;
  document.body.classList.add("sourced");
  choose(answer, n);
  if (n) reveal(quoteOf(panel, n).closest(".card"), n);
}

const quoteOf = (place, n) => place.querySelector(`mark[data-n="${n}"]`);

function reveal(card, n) {
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  quoteOf(card, n).scrollIntoView({ block: "nearest" });
}

function choose(answer, n) {
  for (const old of document.querySelectorAll(".chosen")) old.classList.remove("chosen");
  if (!n) return;
  for (const place of [answer, panel, sheet]) {
    for (const found of place.querySelectorAll(`[data-n="${n}"]`)) found.classList.add("chosen");
    quoteOf(place, n)?.closest(".card").classList.add("chosen");
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
