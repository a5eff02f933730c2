// A rich editor, with the key map and history that most sites give it.
import { baseKeymap } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { schema } from "prosemirror-schema-basic";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";

const sent: string[] = [];
Object.assign(window, { sent });

function send(): boolean {
  const text = view.state.doc.textBetween(0, view.state.doc.content.size, "\n");
  if (!text.trim()) return true;
  sent.push(text);
  view.dispatch(view.state.tr.delete(0, view.state.doc.content.size));
  return true;
}

const view: EditorView = new EditorView(document.getElementById("editor"), {
  state: EditorState.create({
    schema,
    plugins: [history(), keymap({ Enter: send, "Mod-z": undo, "Mod-y": redo }), keymap(baseKeymap)],
  }),
  attributes: { role: "textbox", "aria-label": "Message", "aria-multiline": "true" },
  dispatchTransaction(transaction) {
    view.updateState(view.state.apply(transaction));
    Object.assign(window, { draft: view.state.doc.textBetween(0, view.state.doc.content.size, "\n") });
  },
});
document.getElementById("send")!.addEventListener("click", send);
