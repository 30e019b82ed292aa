import { canGenerateCode } from "@acme/core";
import { EntityRoot, handoff } from "./entity-root.js";

/** A class whose instances get their columns as own properties, in order. */
export type GeneratedClass = new (init: unknown) => object;

/**
 * Makes the class behind an entity class: a field for each column. Fields are defined, not assigned, so that they are own
 * data properties whatever stands on the prototype; all instances have one hidden class.
 */
export function makeEntityClass(name: string, keys: readonly string[]): GeneratedClass {
  const made = canGenerateCode() ? generated(keys) : looped(keys);
  Object.defineProperty(made, "name", { value: name, configurable: true });
  return made;
}

function generated(keys: readonly string[]): GeneratedClass {
  // A field cannot be called "constructor", except by a computed name.
  const fields = keys.map(
    (key, i) => `${key === "constructor" ? `["constructor"]` : JSON.stringify(key)} = handoff.values[${i}];`,
  );
  const make = new Function("EntityRoot", "handoff", `return class extends EntityRoot { ${fields.join(" ")} };`) as (
    root: typeof EntityRoot,
    from: typeof handoff,
  ) => GeneratedClass;
  return make(EntityRoot, handoff);
}

function looped(keys: readonly string[]): GeneratedClass {
  return class extends EntityRoot {
    constructor(init: unknown) {
      super(init);
      const { values } = handoff;
      keys.forEach((key, i) => {
        Object.defineProperty(this, key, { value: values[i], writable: true, enumerable: true, configurable: true });
      });
    }
  };
}

/** Whether any column of an entity differs from its snapshot, by identity: the fast question that a flush asks first. */
export type DifferenceTest = (entity: object, snapshot: readonly unknown[]) => boolean;

/** Makes the difference test of a list of columns. */
export function makeDifferenceTest(keys: readonly string[]): DifferenceTest {
  if (canGenerateCode()) {
    const terms = keys.map((key, i) => `entity[${JSON.stringify(key)}] !== snapshot[${i}]`);
    return new Function("entity", "snapshot", `return ${terms.join(" || ") || "false"};`) as DifferenceTest;
  }
  return (entity, snapshot) => keys.some((key, i) => (entity as Record<string, unknown>)[key] !== snapshot[i]);
}
