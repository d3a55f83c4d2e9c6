/** Why a signal was aborted, as `fetch` rejects: an AbortError unless the caller chose another, which older browsers cannot. */
export function abortReason(signal: AbortSignal): unknown {
  const reason: unknown = signal.reason;
  return reason ?? new DOMException("The request was aborted.", "AbortError");
}
