// The keyboard of the queue and the review screen, and the editor without reloading. Everything works without it.
const screen = document.querySelector("main").dataset.screen;
const dialog = document.getElementById("shortcuts");
const KEYS_OFF = "passage.staff.keys-off";

function pressable(key) {
  return [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key && each.checkVisibility());
}

function typing(target) {
  return target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

// Single letters can be switched off, for people who dictate or use a screen reader's own keys.
const keysOn = document.getElementById("keys-on");
keysOn.checked = localStorage.getItem(KEYS_OFF) === null;
keysOn.addEventListener("change", () => {
  if (keysOn.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "yes");
});

const hint = document.querySelector(".keyhint");
hint.hidden = false;
hint.querySelector("button").addEventListener("click", () => dialog.showModal());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "?" ) dialog.showModal();
  else if (!keysOn.checked && event.key.length === 1) return;
  else if (!onScreen(event) && !press(event.key)) return;
  event.preventDefault();
});

function press(key) {
  const found = pressable(key);
  if (!found) return false;
  if (found.matches("textarea")) found.focus();
  else if (found.matches("details")) found.open = !found.open;
  else found.click();
  return true;
}

const onScreen = screen === "queue" ? queueKeys() : reviewKeys();

function queueKeys() {
  const links = [...document.querySelectorAll(".item .asked")];

  function move(by) {
    const at = links.indexOf(document.activeElement);
    const link = links[Math.max(0, Math.min(links.length - 1, at < 0 ? 0 : at + by))];
    link?.focus();
    link?.scrollIntoView({ block: "nearest" });
    return true;
  }

  function follow(selector) {
    document.querySelector(selector)?.click();
    return true;
  }

  return ({ key, target }) => {
    if (key === "j" || key === "ArrowDown") return move(1);
    if (key === "k" || key === "ArrowUp") return move(-1);
    if (key === "n") return follow("a[rel=next]");
    if (key === "p") return follow("a[rel=prev]");
    if (key === "Enter" && !target.closest("a, button, summary, label")) return follow(".start:not([hidden])");
    if (key !== "/") return false;
    document.querySelector(".narrow").open = true;
    document.getElementById("search").focus();
    return true;
  };
}

function reviewKeys() {
  const form = document.getElementById("review");
  const rows = [...form.querySelectorAll("[data-row]")];
  const said = document.getElementById("hint");
  let at = Math.max(0, rows.findIndex((row) => !row.querySelector("input:checked")));

  function show(scroll) {
    for (const [i, row] of rows.entries()) row.classList.toggle("current", i === at);
    if (!scroll) return;
    rows[at].focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    at = Math.max(0, Math.min(rows.length - 1, at + by));
    show(true);
    return true;
  }

  function choose(input) {
    if (!input) return false;
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  function number(n) {
    const chosen = choose(rows[at].querySelectorAll("fieldset input[type=radio]")[n - 1]);
    if (chosen && at < rows.length - 1) move(1);
    return chosen;
  }

  function allSupported(onlyOpen) {
    for (const row of rows.slice(0, -1)) {
      if (!onlyOpen || !row.querySelector("input:checked")) choose(row.querySelector("input[value=supported]"));
    }
    at = rows.length - 1;
    show(false);
    return true;
  }

  function save() {
    if (form.querySelector("[name=verdict]:checked")) {
      form.requestSubmit(document.getElementById("save"));
    } else {
      said.textContent = "Choose a verdict for the whole first: a letter, or a number on its line.";
      at = rows.length - 1;
      show(true);
    }
    return true;
  }

  rows.forEach((row, i) => row.addEventListener("focusin", () => {
    at = i;
    show(false);
  }));
  form.addEventListener("change", () => { said.textContent = ""; });
  let sent = false; // a second press of Enter must not save twice
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.edit !== undefined) {
      event.preventDefault();
      edit(button);
    } else if (button?.id === "save" && !form.querySelector("[name=verdict]:checked")) {
      event.preventDefault();
      save();
    } else if (sent) {
      event.preventDefault();
    } else {
      sent = true;
    }
  });
  addEventListener("pageshow", () => { sent = false; });

  // The editor: the server answers with the whole page, of which only the editor is taken.
  let busy = false;
  let waiting = null; // what was pressed while the server answered
  async function edit(button) {
    if (busy) {
      waiting = button.value;
      return;
    }
    busy = true;
    try {
      await renew(button);
    } catch {
      said.textContent = "The server can’t be reached; nothing is lost, press again.";
    } finally {
      busy = false;
    }
    const next = waiting;
    waiting = null;
    if (next) form.querySelector(`[data-edit][value="${CSS.escape(next)}"]:enabled`)?.click();
  }

  async function renew(button) {
    const body = new FormData(form, button);
    const response = await fetch(button.formAction, { method: "POST", body, headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const editor = fresh.getElementById("editor");
    if (!editor) {
      said.textContent = response.status === 401 ? "You are signed out: sign in in another tab, then press again." : "That didn’t work; load the page again.";
      return;
    }
    document.getElementById("editor").replaceWith(document.adoptNode(editor));
    const opener = form.querySelector("[data-key=e]");
    if (opener) opener.hidden = !editor.hidden;
    said.textContent = fresh.getElementById("trouble")?.textContent.trim() ?? "";
    const [verb, line] = button.value.split(":");
    const again = { up: `[value="up:${line - 1}"]`, down: `[value="down:${Number(line) + 1}"]`, search: "[name=looked_for]" }[verb];
    (editor.querySelector(again ?? "textarea, [name=looked_for]") ?? rows[at]).focus();
  }

  // Nobody presses keys to no effect after coming here.
  show(false);

  return ({ key, target }) => {
    if (key.startsWith("Arrow") && target.matches("input")) return false; // arrows choose among radio buttons
    if (key === "j" || key === "ArrowDown") return move(1);
    if (key === "k" || key === "ArrowUp") return move(-1);
    if (/^[1-9]$/.test(key)) return number(Number(key));
    if (key === "a" && rows.length > 1) return allSupported(false);
    if (key === "g") allSupported(true);
    if (key === "Enter" && !target.closest("a, button, summary")) return save();
    const input = pressableVerdict(key);
    if (input) {
      at = rows.length - 1;
      show(false);
      return choose(input);
    }
    return false;
  };

  function pressableVerdict(key) {
    return form.querySelector(`[name=verdict][data-key="${CSS.escape(key)}"]`);
  }
}
