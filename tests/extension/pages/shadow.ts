// Web components with closed roots, one in the other, as some seller consoles ship them.
const sent: string[] = [];
Object.assign(window, { sent });

class ChatComposer extends HTMLElement {
  connectedCallback(): void {
    const outer = this.attachShadow({ mode: "closed" });
    const inner = document.createElement("div");
    outer.append(inner);
    const root = inner.attachShadow({ mode: "closed" });
    root.innerHTML = `<style>textarea{width:400px;height:70px;font:16px sans-serif}</style>
      <p data-author="buyer">I changed my mind, the parcel works fine</p>
      <textarea aria-label="Message"></textarea><button>Send</button>`;
    const field = root.querySelector("textarea")!;
    const send = () => {
      if (field.value.trim()) sent.push(field.value);
      field.value = "";
    };
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      send();
    });
    root.querySelector("button")!.addEventListener("click", send);
    // Only for the tests: nothing outside can look into a closed root.
    Object.assign(window, { focusComposer: () => field.focus(), composerText: () => field.value, buttonRect: () => root.querySelector("button")!.getBoundingClientRect() });
  }
}
customElements.define("chat-composer", ChatComposer);
