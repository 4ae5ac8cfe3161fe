/**
 * Defines the mapping of an English body to national fields once: the writer asks a reader for each field, and the
 * reader returns either its value or its place. So the input and the names in its faults cannot diverge.
 */

/** What a writer may read. */
export interface Reading<Body> {
  /** A field; undefined is omitted. */
  at(field: keyof Body & string, write?: (value: never) => unknown): unknown
  /** A field of a nested object. */
  of<Part extends keyof Body & string>(
    part: Part,
    field: keyof NonNullable<Body[Part]> & string,
    write?: (value: never) => unknown,
  ): unknown
  /** Rows, each with a reader of its own. */
  rows<Part extends keyof Body & string>(
    part: Part,
    row: (read: Reading<RowOf<Body[Part]>>, index: number) => Input,
  ): readonly Input[]
  /** A value that the writer determined itself; the place is what the caller can change about it. */
  known(place: string, value: unknown): unknown
}

type RowOf<Rows> = NonNullable<Rows> extends readonly (infer Row)[] ? Row : never

/** National nodes. */
export type Input = Readonly<Record<string, unknown>>

/** An input, and the origin of each field. */
export interface Written {
  readonly input: Input
  /** The same structure with the place of each field instead of its value. */
  places(): Input
}

type Given = Readonly<Record<string, unknown>>

function valuesOf<Body>(body: Body): Reading<Body> {
  const given = body as Given
  const written = (value: unknown, write?: (value: never) => unknown) =>
    write ? write(value as never) : value
  return {
    at: (field, write) => written(given[field], write),
    of: (part, field, write) => written((given[part] as Given | undefined)?.[field], write),
    rows: (part, row) =>
      ((given[part] as readonly never[] | undefined) ?? []).map((one, index) => row(valuesOf(one), index)),
    known: (_place, value) => value,
  }
}

function placesOf<Body>(body: Body, prefix: string): Reading<Body> {
  const given = body as Given
  const under = (place: string) => (place === '' ? prefix.replace(/\.$/, '') : prefix + place)
  return {
    at: (field) => under(field),
    of: (part, field) => under(`${part}.${field}`),
    rows: (part, row) =>
      ((given[part] as readonly never[] | undefined) ?? []).map((one, index) =>
        row(placesOf(one, `${under(part)}[${index}].`), index),
      ),
    known: (place) => under(place),
  }
}

/** Writes an input. Places are computed on demand, after a fault. */
export function written<Body>(body: Body, write: (read: Reading<Body>) => Input): Written {
  return { input: write(valuesOf(body)), places: () => write(placesOf(body, '')) }
}
