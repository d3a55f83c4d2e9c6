/** Reads an answer to its end, as whoever wants what is in it has to. */
export async function bodyOf(response: Response | Promise<Response>): Promise<unknown> {
  return (await response).json();
}
