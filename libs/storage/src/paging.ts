interface Page {
  limit: number;
  offset: number;
}

/** All rows, asked for `size` at a time: a database's answer has a limit of bytes, whatever it is that is asked. */
export async function inPages<Row>(size: number, find: (page: Page) => Promise<Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for (;;) {
    const page = await find({ limit: size, offset: all.length });
    all.push(...page);
    if (page.length < size) return all;
  }
}
