import type { EntityState } from "./state.js";

type Find = (entity: unknown) => EntityState | undefined;

/** The own columns and other own properties of an entity. */
function columnsOf(state: EntityState): Record<string, unknown> {
  return { ...state.entity };
}

/** The loaded relationships of an entity, by key. */
export function* loadedRelationships(state: EntityState): Generator<readonly [key: string, value: unknown], void> {
  const { related } = state;
  if (related === undefined) return;
  for (const relationship of state.mapper.relationships) {
    const value = related[relationship.index];
    if (relationship.isLoaded(value)) yield [relationship.key, value];
  }
}

/** An entity as a plain object, related entities included; those that contain it are left out. */
export function plainEntity(
  state: EntityState,
  find: Find,
  ancestors: readonly EntityState[],
): Record<string, unknown> {
  const plain = columnsOf(state);
  const path = [...ancestors, state];
  const plainOf = (value: unknown): unknown => {
    const related = find(value);
    return related === undefined ? value : plainEntity(related, find, path);
  };
  const outside = (value: unknown): boolean => !path.includes(find(value) as EntityState);
  for (const [key, value] of loadedRelationships(state)) {
    if (Array.isArray(value)) plain[key] = value.filter(outside).map(plainOf);
    else if (outside(value)) plain[key] = plainOf(value);
  }
  return plain;
}

/** The entities that are being shown: one within itself is shown by name. */
const shown = new Set<EntityState>();

/** What Node's `inspect` prints of an entity. */
export function inspectEntity(
  state: EntityState,
  depth: number,
  options: object,
  inspect: (value: unknown, options: object) => string,
): string {
  const name = state.entity.constructor.name;
  if (depth < 0 || shown.has(state)) return `[${name}]`;
  shown.add(state);
  try {
    const content = columnsOf(state);
    for (const [key, value] of loadedRelationships(state)) content[key] = Array.isArray(value) ? [...value] : value;
    return `${name} ${inspect(content, { ...options, depth })}`;
  } finally {
    shown.delete(state);
  }
}
