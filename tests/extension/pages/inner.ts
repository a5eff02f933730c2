// A form that submits itself, in a frame of its own.
const sent: string[] = [];
Object.assign(window, { sent });
const form = document.getElementById("form") as HTMLFormElement;
const field = form.querySelector("textarea")!;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value.trim()) sent.push(field.value);
  field.value = "";
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
