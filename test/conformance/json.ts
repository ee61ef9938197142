/** An object of the cluster as JSON: cases hold fields that no type of ours knows. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields under `path`; none where there is no object. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Json {
  const found = path.reduce<unknown>((inner, key) => (isJson(inner) ? inner[key] : undefined), value);
  return isJson(found) ? found : {};
}

/** The items under `path`; none where there is no list. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const last = path.at(-1);
  const found = last === undefined ? value : fieldsAt(value, ...path.slice(0, -1))[last];
  return Array.isArray(found) ? found : [];
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const last = path.at(-1);
  const found = last === undefined ? value : fieldsAt(value, ...path.slice(0, -1))[last];
  return typeof found === 'string' ? found : undefined;
}

/** The object without some of its fields. */
export function without(value: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** The object with the fields at `path` changed; nothing happens where there is no object at `path`. */
export function changeAt(value: Json, path: readonly string[], change: (fields: Json) => Json): Json {
  const [first, ...rest] = path;
  if (first === undefined) return change(value);
  const inner = value[first];
  return isJson(inner) ? { ...value, [first]: changeAt(inner, rest, change) } : value;
}

/** RFC 7386: fields of `patch` replace those of `value`, null removes one, lists are replaced whole. */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isJson(patch)) return patch;
  const merged: Record<string, unknown> = isJson(value) ? { ...value } : {};
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) Reflect.deleteProperty(merged, name);
    else merged[name] = mergePatch(merged[name], change);
  }
  return merged;
}
