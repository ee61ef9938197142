/** Any object of a manifest as nested names and values, in the order in which it came. */
export function Fields({ of }: { readonly of: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(of);
  if (entries.length === 0) return <span className="quiet">none</span>;
  return (
    <dl className="fields">
      {entries.map(([name, value]) => (
        <div key={name} className={isLeaf(value) ? 'field-leaf' : 'field-branch'}>
          <dt>{name}</dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value }: { readonly value: unknown }) {
  if (Array.isArray(value)) return <Items items={value} />;
  if (isObject(value)) return <Fields of={value} />;
  return <code className="wrap-anywhere">{leafText(value)}</code>;
}

function Items({ items }: { readonly items: readonly unknown[] }) {
  if (items.length === 0) return <span className="quiet">none</span>;
  return (
    <ul className="field-items">
      {items.map((item, index) => (
        <li key={index}>
          <Value value={item} />
        </li>
      ))}
    </ul>
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function leafText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
