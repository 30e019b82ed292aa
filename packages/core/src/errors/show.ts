const MAX_CHARACTERS = 60;
const MAX_PARAMETERS = 10;

/** A value for a message or a log: short, on one line, and never the cause of another error. */
function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shortened(value));
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (Array.isArray(value)) return `[${showParameters(value)}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return shortened(json(value) ?? Object.prototype.toString.call(value));
}

/** A list of values, cut after ten. */
export function showParameters(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_PARAMETERS).map(showValue).join(", ");
  const more = values.length - MAX_PARAMETERS;
  return more > 0 ? `${shown}, ... ${more} more` : shown;
}

function shortened(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 3)}...` : text;
}

function json(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A bigint inside, or a circle.
    return undefined;
  }
}
