/** Reads an array literal: `{1,NULL,"a \"b\"",{2,3}}`. `element` converts what is not NULL. */
export function parseArray(text: string, element: (text: string) => unknown): unknown[] {
  let at = text.indexOf("{");

  function list(): unknown[] {
    const items: unknown[] = [];
    at += 1;
    while (text[at] !== "}" && at < text.length) {
      if (text[at] === "{") items.push(list());
      else items.push(text[at] === '"' ? element(quoted()) : plain());
      if (text[at] === ",") at += 1;
    }
    at += 1;
    return items;
  }

  function quoted(): string {
    let item = "";
    for (at += 1; text[at] !== '"'; at++) {
      if (text[at] === "\\") at += 1;
      item += text[at];
    }
    at += 1;
    return item;
  }

  function plain(): unknown {
    const from = at;
    while (text[at] !== "," && text[at] !== "}") at += 1;
    const item = text.slice(from, at);
    return item === "NULL" ? null : element(item);
  }

  return list();
}

/** Writes an array literal. `element` gives an item's text, or null for NULL. */
export function arrayLiteral(items: readonly unknown[], element: (item: unknown) => string | null): string {
  const parts = items.map((item) => {
    if (Array.isArray(item)) return arrayLiteral(item, element);
    const text = element(item);
    return text === null ? "NULL" : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  });
  return `{${parts.join(",")}}`;
}
