// Gradio's engine: a question joins its queue, and the answer comes as a stream of events.

const ENGINE = "/gradio/gradio_api/call/ask";

// Yields what `ui/chat.py` yields; `{kind: "refused", words}` when the visitor asks too fast, `{kind: "busy"}` when too
// many questions wait, or `{kind: "failed"}`. Throws when the connection is lost or `signal` aborts.
export async function* ask(data, signal) {
  const asked = await fetch(ENGINE, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ data }),
    signal,
  });
  if (asked.status === 429) {
    yield { kind: "refused", words: (await asked.json()).error };
    return;
  }
  if (!asked.ok) {
    yield { kind: asked.status === 503 ? "busy" : "failed" };
    return;
  }
  const { event_id: id } = await asked.json();
  const stream = await fetch(`${ENGINE}/${id}`, { signal });
  if (!stream.ok) throw new TypeError(stream.statusText);
  let rest = "";
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const blocks = (rest + part.value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const [, kind] = /^event: (.+)$/m.exec(block) ?? [];
      const [, payload] = /^data: (.+)$/m.exec(block) ?? [];
      if (kind === "error") {
        yield { kind: "failed" };
        return;
      }
      if (kind === "generating") yield JSON.parse(payload)[0];
    }
  }
}
