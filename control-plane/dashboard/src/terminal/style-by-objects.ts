// Lets xterm's styles through a policy without inline ones: what it writes into `<style>` elements and `style` attributes
// goes to sheets and properties of the CSSOM instead, which such a policy has nothing against. xterm takes a document of
// one's own for some of its elements, but not for all, so the page's is taught.

let isTaught = false;

/** To be called before the first terminal is made. */
export function styleByObjects(): void {
  if (isTaught) return;
  isTaught = true;
  const make = document.createElement.bind<typeof document.createElement>(document);
  const makeStyled = (tag: string, options?: ElementCreationOptions): HTMLElement => {
    if (tag === "style") return makeSheet(make("span"));
    const element = make(tag, options);
    if (tag === "span") element.setAttribute = setStyledAttribute;
    return element;
  };
  document.createElement = makeStyled;
}

function setStyledAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === "style") this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}

/** `element`, whose text becomes the content of an adopted sheet for as long as it is not removed. */
function makeSheet(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  element.hidden = true;
  Object.defineProperty(element, "textContent", {
    set: (css: string) => {
      sheet.replaceSync(css);
    },
  });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
