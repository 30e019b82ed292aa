import {
  type Conversion,
  defineFunction,
  type ExpressionNode,
  json,
  type jsonNull,
  type TypeHost,
  text,
} from "@acme/core/dialect";
import { OracleType } from "./oracle-type.js";

const TEXT = text();
const parseJson = defineFunction("json", { args: [TEXT], returns: TEXT, dialects: { oracle: "JSON" } });
const serializeJson = defineFunction("json_serialize", {
  args: [TEXT],
  returns: TEXT,
  dialects: { oracle: (document) => `JSON_SERIALIZE(${document} RETURNING CLOB)` },
});
const parseXml = defineFunction("xmlparse", {
  args: [TEXT],
  returns: TEXT,
  dialects: { oracle: (document) => `XMLPARSE(DOCUMENT ${document})` },
});
const serializeXml = defineFunction("xmlserialize", {
  args: [TEXT],
  returns: TEXT,
  dialects: { oracle: (document) => `XMLSERIALIZE(DOCUMENT ${document} AS CLOB)` },
});

/** JSON documents that are not stored as text. Made by {@link nativeJson} and {@link blobJson}. */
export class OracleJsonType<T> extends OracleType<T, T | typeof jsonNull> {
  readonly storage: "json" | "blob";

  constructor(storage: "json" | "blob") {
    super(
      json<T>(),
      storage.toUpperCase(),
      storage === "json" ? { since: 21, comparable: false } : { comparable: false },
    );
    this.storage = storage;
  }

  override toDatabase(host: TypeHost): Conversion {
    const inner = super.toDatabase(host);
    if (this.storage === "json") return inner;
    const encoder = new TextEncoder();
    return (value) => encoder.encode(inner(value) as string);
  }

  override bindExpression(value: ExpressionNode): ExpressionNode | undefined {
    return this.storage === "json" ? (parseJson(value as never) as ExpressionNode) : undefined;
  }

  override columnExpression(value: ExpressionNode): ExpressionNode {
    return serializeJson(value as never) as ExpressionNode;
  }
}

/**
 * A JSON document in Oracle's own binary form: faster than the text that `json()` is stored as (a CLOB with a check). It has no `=`.
 * DDL: `JSON`; since 21c, and refused for an older release.
 */
export function nativeJson<T = unknown>(): OracleJsonType<T> {
  return new OracleJsonType<T>("json");
}

/** A JSON document as the bytes of its text: what Oracle advises before 21c. It has no `=`. DDL: `BLOB`, with `CHECK (doc IS JSON)`. */
export function blobJson<T = unknown>(): OracleJsonType<T> {
  return new OracleJsonType<T>("blob");
}

/** XML documents. Made by {@link xmlType}. */
export class XmlType extends OracleType<string> {
  constructor() {
    super(text(), "XMLTYPE", { comparable: false });
  }

  override bindExpression(value: ExpressionNode): ExpressionNode {
    return parseXml(value as never) as ExpressionNode;
  }

  override columnExpression(value: ExpressionNode): ExpressionNode {
    return serializeXml(value as never) as ExpressionNode;
  }
}

/** A well-formed XML document, as text. It has no `=`. DDL: `XMLTYPE`. */
export function xmlType(): XmlType {
  return new XmlType();
}
