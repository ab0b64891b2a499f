// The conversation: what is asked and shown, edited, copied and judged.

import { ask } from "./engine.js";
import { currentId, keep, newId, readAll, setCurrent, writeAll } from "./history.js";
import { hideSources, showSources } from "./sources.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const words = settings.strings;
const byId = (id) => document.getElementById(id);
const form = byId("ask");
const box = byId("question");
const turnList = byId("turns");

const HISTORY = 6; // messages that a follow-up is understood with

let conversation = { id: newId(), turns: [] };

const isAnswered = (turn) => turn.reply !== undefined;

function save() {
  keep(conversation.id, conversation.turns.filter(isAnswered).map(({ question, id, reply }) => ({ question, id, reply })));
}

// ---- Elements ----

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

function icon(name) {
  const made = element("span", { className: `icon ${name}` });
  made.setAttribute("aria-hidden", "true");
  return made;
}

const announce = (text) => { byId("announcer").textContent = text; };
const isBusy = () => running !== null;

function say(text) {
  byId("trouble").textContent = text;
}

function showTurn(turn) {
  const question = element("p", { className: "words", dir: "auto", textContent: turn.question });
  const edit = element("button", { type: "button", title: words["chat.edit"] }, icon("edit"));
  edit.setAttribute("aria-label", words["chat.edit"]);
  edit.addEventListener("click", () => startEdit(turn));
  turn.reply_place = element("div", { className: "reply" });
  turn.place = element("li", { className: "turn" }, element("div", { className: "question" }, question, edit), turn.reply_place);
  turnList.append(turn.place);
  showConversation();
}

function showConversation() {
  const any = conversation.turns.length > 0;
  document.body.classList.toggle("talking", any);
  byId("welcome").hidden = any;
  byId("new").hidden = !any;
  document.querySelector("#conversation h1").hidden = !any;
}

function showAnswer(turn, answer) {
  turn.id = answer.id;
  turn.reply = answer.reply;
  turn.reply_place.innerHTML = answer.html; // sanitised by the server
  turn.reply_place.querySelector(".answer").addEventListener("click", (event) => onAnswerClick(turn, event));
  turn.reply_place.querySelector("form.feedback")?.addEventListener("submit", (event) => sendReason(turn, event));
}

function showTrouble(turn, text, again) {
  const notice = element("div", { className: "note trouble" }, element("p", { textContent: text }));
  notice.setAttribute("role", "alert");
  if (again) {
    const retry = element("button", { type: "button", textContent: words["chat.retry"] });
    retry.addEventListener("click", () => replace(turn, turn.question));
    notice.append(retry);
  }
  turn.reply_place.append(notice);
}

// ---- What can be done with an answer ----

function onAnswerClick(turn, event) {
  const reference = event.target.closest("a.cite, a.chip");
  if (reference && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    showSources(turn.reply_place, reference.dataset.n, reference);
    return;
  }
  const headline = event.target.closest("[data-ask]");
  if (headline) {
    send(headline.dataset.ask);
    return;
  }
  const button = event.target.closest("[data-do]");
  if (button) actions[button.dataset.do](turn, button);
}

const actions = {
  text: (turn, button) => copy(button, fetch(`/a/${turn.id}.txt`).then(textOf)),
  markdown: (turn, button) => copy(button, fetch(`/a/${turn.id}.md`).then(textOf)),
  link: (turn, button) => copy(button, Promise.resolve(`${location.origin}/a/${turn.id}`)),
  retry: (turn) => replace(turn, turn.question),
  up: (turn, button) => judge(turn, button, { useful: true }),
  down: (turn, button) => {
    const reasons = turn.reply_place.querySelector("form.feedback");
    reasons.hidden = !reasons.hidden;
    button.setAttribute("aria-expanded", String(!reasons.hidden));
    if (!reasons.hidden) reasons.querySelector("input").focus();
  },
};

async function textOf(response) {
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}

async function copy(button, text) {
  try {
    // Safari forgets the click while it waits for the text, unless the clipboard is given the promise.
    if (window.ClipboardItem) {
      const blob = text.then((ready) => new Blob([ready], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } else {
      await navigator.clipboard.writeText(await text);
    }
    done(button, words["chat.copied"]);
  } catch {
    say(words["trouble.copy"]);
  }
}

function done(button, text) {
  announce(text);
  const note = element("span", { className: "done", textContent: text });
  button.parentElement.querySelector(".gap").replaceChildren(note);
}

async function judge(turn, button, judgement) {
  try {
    const response = await fetch("/feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: turn.id, ...judgement }),
    });
    if (!response.ok) throw new Error(response.statusText);
  } catch {
    say(words["trouble.feedback"]);
    return;
  }
  for (const each of turn.reply_place.querySelectorAll("[data-do=up], [data-do=down]")) {
    each.setAttribute("aria-pressed", String(each === button));
  }
  done(button, words["chat.thanks"]);
}

async function sendReason(turn, event) {
  event.preventDefault();
  const given = new FormData(event.target);
  const button = turn.reply_place.querySelector("[data-do=down]");
  await judge(turn, button, { useful: false, reason: given.get("reason"), comment: given.get("comment") });
  event.target.hidden = true;
  button.setAttribute("aria-expanded", "false");
  button.focus();
}

// ---- Asking ----

let running = null; // an AbortController while an answer arrives
let edited = null;

function chosenFilters() {
  const chosen = Object.fromEntries(new FormData(form));
  delete chosen.question;
  return chosen;
}

function historyBefore(turn) {
  const earlier = conversation.turns.slice(0, conversation.turns.indexOf(turn)).filter(isAnswered);
  return earlier
    .flatMap((each) => [
      { role: "user", content: each.question },
      { role: "assistant", content: each.reply },
    ])
    .slice(-HISTORY);
}

function send(text) {
  if (isBusy()) return;
  const question = text.trim();
  if (!question) {
    say(words["trouble.empty"]);
    box.focus();
    return;
  }
  if (question.length > settings.limit) {
    say(words["trouble.too_long"]);
    box.focus();
    return;
  }
  say("");
  if (edited) {
    dropFrom(edited);
    stopEdit();
  }
  box.value = "";
  fit();
  document.querySelectorAll(".next").forEach((old) => old.remove());
  const turn = { question };
  conversation.turns.push(turn);
  showTurn(turn);
  receive(turn);
}

function replace(turn, question) {
  if (isBusy()) return;
  dropFrom(turn);
  send(question);
}

function dropFrom(turn) {
  for (const dropped of conversation.turns.splice(conversation.turns.indexOf(turn))) dropped.place.remove();
}

async function receive(turn) {
  const started = new AbortController();
  running = started;
  setBusy(true);
  turn.reply_place.replaceChildren(element("p", { className: "searching", textContent: words["chat.searching"] }));
  announce(words["chat.searching"]);
  turn.place.scrollIntoView({ block: "start" });
  let last = null;
  try {
    const data = [turn.question, historyBefore(turn), { ...chosenFilters(), interface: settings.interface }];
    for await (const event of ask(data, started.signal)) {
      if (event.kind === "waiting") continue;
      if (event.kind === "words") turn.reply_place.replaceChildren(prose(event.html));
      last = event;
    }
    if (!last || last.kind === "words") throw new TypeError("the stream ended early");
  } catch {
    turn.reply_place.querySelector(".searching")?.remove();
    const stopped = started.signal.aborted;
    showTrouble(turn, stopped ? words["chat.stopped"] : words["trouble.connection"], true);
    last = null;
  }
  if (running === started) running = null;
  setBusy(false);
  if (!last) return;
  if (last.kind !== "answer") {
    turn.reply_place.replaceChildren();
    const otherwise = words[last.kind === "busy" ? "trouble.busy" : "trouble.failed"];
    showTrouble(turn, last.words ?? otherwise, last.again ?? true);
    return;
  }
  showAnswer(turn, last);
  showSources(turn.reply_place);
  announce([...turn.reply_place.querySelectorAll(".prose, .note")].map((each) => each.innerText).join(" "));
  save();
  suggest(turn);
}

function prose(html) {
  return element("p", { className: "prose", dir: "auto", innerHTML: html }); // sanitised by the server
}

function setBusy(busy) {
  byId("send").hidden = busy;
  byId("stop").hidden = !busy;
  turnList.setAttribute("aria-busy", String(busy));
  if (!busy && document.activeElement === document.body) box.focus({ preventScroll: true });
}

async function suggest(turn) {
  if (!turn.id) return; // the server keeps no answers
  let questions = [];
  try {
    const response = await fetch(`/a/${turn.id}/next`);
    if (response.ok) questions = await response.json();
  } catch {
    return; // they are an extra
  }
  if (!questions.length || conversation.turns.at(-1) !== turn) return;
  const list = element("ul");
  for (const question of questions) {
    const button = element("button", { type: "button", className: "example", textContent: question, dir: "auto" });
    button.lang = settings.articles;
    button.addEventListener("click", () => send(question));
    list.append(element("li", {}, button));
  }
  turn.reply_place.append(element("div", { className: "next" }, element("h3", { className: "small", textContent: words["chat.next"] }), list));
}

// ---- The box ----

function startEdit(turn) {
  if (isBusy()) return;
  edited = turn;
  byId("editing").hidden = false;
  box.value = turn.question;
  fit();
  box.focus();
}

function stopEdit() {
  edited = null;
  byId("editing").hidden = true;
}

function fit() {
  box.rows = 1;
  while (box.scrollHeight > box.clientHeight && box.rows < 6) box.rows += 1;
}

function countFilters() {
  const n = Object.values(chosenFilters()).filter(Boolean).length;
  byId("filtered").textContent = n;
  byId("filtered").hidden = !n;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(box.value);
});
form.addEventListener("change", countFilters);
form.querySelector("[type=reset]").addEventListener("click", (event) => {
  event.preventDefault(); // the question stays
  for (const field of form.querySelectorAll(".filters input, .filters select")) field.value = "";
  countFilters();
});
box.addEventListener("input", () => { say(""); fit(); });
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send(box.value);
  }
  if (event.key === "Escape" && edited) byId("cancel-edit").click();
});
byId("stop").addEventListener("click", () => running?.abort());
byId("cancel-edit").addEventListener("click", () => { stopEdit(); box.value = ""; fit(); });
byId("new").addEventListener("click", () => {
  running?.abort();
  open({ id: newId(), turns: [] });
  box.focus();
});
byId("welcome").addEventListener("click", (event) => {
  const example = event.target.closest("a[data-ask]");
  if (!example || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  send(example.dataset.ask);
});

// ---- Earlier conversations ----

function listEarlier() {
  const earlier = readAll().filter((each) => each.id !== conversation.id);
  byId("earlier").hidden = !earlier.length;
  byId("earlier").querySelector("ul").replaceChildren(
    ...earlier.slice(0, 5).map((each) => {
      const button = element("button", { type: "button", className: "link", dir: "auto", textContent: each.turns[0].question });
      button.addEventListener("click", () => open(each));
      return element("li", {}, button);
    }),
  );
}

async function open(chosen) {
  stopEdit();
  turnList.replaceChildren();
  hideSources();
  conversation = { id: chosen.id, turns: chosen.turns.map(({ question, id, reply }) => ({ question, id, reply })) };
  setCurrent(conversation.id);
  listEarlier();
  showConversation();
  conversation.turns.forEach(showTurn);
  await Promise.all(conversation.turns.map(restore));
  const last = conversation.turns.at(-1);
  if (last) showSources(last.reply_place);
}

async function restore(turn) {
  try {
    const response = await fetch(`/a/${turn.id}/part`);
    if (!response.ok) throw new Error(response.statusText);
    showAnswer(turn, await response.json());
  } catch {
    const kept = element("p", { className: "prose", dir: "auto", textContent: turn.reply });
    turn.reply_place.replaceChildren(kept, element("p", { className: "note", textContent: words["chat.gone"] }));
  }
}

byId("forget").addEventListener("click", () => { writeAll([]); listEarlier(); box.focus(); });

// ---- Start ----

if (matchMedia("(pointer: fine)").matches) box.focus(); // on a phone the keyboard would cover the page

const address = new URL(location.href);
const asked = address.searchParams.get("q");
const current = readAll().find((each) => each.id === currentId());
if (asked) {
  history.replaceState(null, "", "/");
  listEarlier();
  send(asked);
} else if (current) {
  open(current);
} else {
  listEarlier();
}
