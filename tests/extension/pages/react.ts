// A console as React makes it: the field is controlled, so what React does not know of is undone at the next draw.
import { createElement as e, useState } from "react";
import { createRoot } from "react-dom/client";

interface Message {
  author: "buyer" | "seller";
  text: string;
}

const first: Message[] = [
  { author: "seller", text: "Hello! Is anything wrong with the lamp?" },
  { author: "buyer", text: "No problem with it, works fine, I just don't need it any more" },
];

function Console() {
  const [messages, setMessages] = useState(first);
  const [draft, setDraft] = useState("");
  Object.assign(window, { draft, sent: messages.slice(first.length).map((one) => one.text) });
  const send = () => {
    if (!draft.trim()) return;
    setMessages([...messages, { author: "seller", text: draft }]);
    setDraft("");
  };
  return e(
    "div",
    { className: "console" },
    e("div", { className: "log" }, ...messages.map((one, at) => e("div", { key: at, className: `bubble from-${one.author}` }, one.text))),
    e(
      "div",
      { className: "write" },
      e("textarea", {
        "data-testid": "composer",
        "aria-label": "Message",
        placeholder: "Write a message",
        value: draft,
        onChange: (event: { target: HTMLTextAreaElement }) => setDraft(event.target.value),
        onKeyDown: (event: KeyboardEvent & { nativeEvent: KeyboardEvent }) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229) return;
          event.preventDefault();
          send();
        },
      }),
      e("button", { "data-testid": "send", onClick: send }, "Send"),
    ),
  );
}

createRoot(document.getElementById("root")!).render(e(Console));
