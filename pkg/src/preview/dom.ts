type Tags = HTMLElementTagNameMap;

/** Makes an element. Names and values of a bundle or a visitor only ever come as text. */
export function make<Tag extends keyof Tags>(
  tag: Tag,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): Tags[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Makes a button that does something. */
export function button(attributes: Record<string, string>, label: string, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", act);
  return made;
}
