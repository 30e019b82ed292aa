import { InvalidRequestError } from "../errors/index.js";

/** What is asked of a Temporal object: what it is, and its text. Objects of the runtime and of any polyfill have both. */
export interface TemporalObject<out Tag extends string> {
  readonly [Symbol.toStringTag]: `Temporal.${Tag}`;
  toString(): string;
}

type Runtime = typeof globalThis extends { readonly Temporal: infer N } ? N : undefined;

/**
 * A class of Temporal: the one that the program knows globally (TypeScript's `lib`, or a polyfill that declares it), else no
 * more than {@link TemporalObject}.
 */
export type Temporal<Tag extends string> =
  Runtime extends Readonly<Record<Tag, { from(item: never): infer P }>> ? P : TemporalObject<Tag>;

/** Whether a value is a Temporal object of a class. */
export function isTemporal<Tag extends string>(value: unknown, tag: Tag): value is TemporalObject<Tag> {
  return temporalTag(value) === `Temporal.${tag}`;
}

/** `Temporal.PlainDate` for such an object, undefined for what is none of Temporal's. */
export function temporalTag(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const tag: unknown = (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  return typeof tag === "string" && tag.startsWith("Temporal.") ? tag : undefined;
}

/** The ISO text of a Temporal object, without a calendar: `2024-02-29T13:00:00.5`. */
export function temporalText(value: TemporalObject<string>): string {
  return value.toString().replace(/\[.*$/, "");
}

/** Makes Temporal objects of a class from ISO text. */
export function temporalReader(tag: string, wanted: string): (text: string) => unknown {
  const space = (globalThis as { readonly Temporal?: unknown }).Temporal as
    | Readonly<Record<string, { from(text: string): unknown }>>
    | undefined;
  const made = space?.[tag];
  if (made === undefined) {
    throw new InvalidRequestError(`${wanted} is to be read as Temporal.${tag}, which this runtime does not have.`, {
      code: "TEMPORAL_MISSING",
      remedy: 'Import a polyfill that installs it globally ("temporal-polyfill/global"), or read text instead.',
    });
  }
  return (text) => made.from(text);
}
