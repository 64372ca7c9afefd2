/** The beginning of an answer, of about `limit` bytes. What comes after it is not read: the connection ends. */
export async function readBeginning(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<{ text: string; isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) break;
  }
  return { text: Buffer.concat(chunks).toString(), isCut: bytes > limit };
}
