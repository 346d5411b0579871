/** Lets a person look for the motorcycle by typing. */

/** Returns the id, or null for "skip". */
export async function searchMotorcycle(
  question: string,
  skip = 'skip: judge without a motorcycle',
): Promise<string | null> {
  const { search } = await import('@inquirer/prompts');
  const { listMotorcycles, motorcycleName } = await import('../app/bikes.ts');
  return search<string | null>(
    {
      message: `${question} (type make, model, year; or choose to skip)`,
      source: async (text) => {
        const matches = text ? await listMotorcycles(text) : [];
        return [
          ...matches.slice(0, 10).map((m) => ({ value: m.motorcycle.id, name: motorcycleName(m.motorcycle) })),
          { value: null, name: skip },
        ];
      },
    },
    { output: process.stderr },
  );
}
