// The conversations, kept in this browser only. Storage may be off or full: then they live as long as the page.

const STORE = "passage.conversations";
const CURRENT = "passage.current"; // of this tab
const KEPT = 20; // conversations

export const newId = () => crypto.getRandomValues(new Uint32Array(2)).join("-");

export function readAll() {
  try {
    const stored = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(stored) ? stored : [];
  } catch {
    return []; // storage is off, or not ours to read
  }
}

export function writeAll(conversations) {
  try {
    localStorage.setItem(STORE, JSON.stringify(conversations.slice(0, KEPT)));
  } catch {
    // Storage is off or full: the conversation lives as long as the page.
  }
}

export function currentId() {
  try {
    return sessionStorage.getItem(CURRENT);
  } catch {
    return null;
  }
}

export function setCurrent(id) {
  try {
    sessionStorage.setItem(CURRENT, id);
  } catch {
    // As above.
  }
}

// Another tab may have added conversations since they were read.
export function keep(id, turns) {
  const others = readAll().filter((other) => other.id !== id);
  writeAll(turns.length ? [{ id, turns }, ...others] : others);
  setCurrent(id);
}
