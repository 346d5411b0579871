/** Every generated page of docs/generated: path to text. */
export async function renderDocs(): Promise<Record<string, string>> {
  return {};
}
