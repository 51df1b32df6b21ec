/** What a promise gives, if it gives it within some milliseconds; else rejects with what is said to be late. */
export async function within<Value>(milliseconds: number, promise: Promise<Value>, late: string): Promise<Value> {
  let timer: number | null = null;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), milliseconds);
  });
  try {
    return await Promise.race([promise, passed]);
  } finally {
    clearTimeout(timer);
  }
}
