@tool
extends RefCounted
## How long to wait before trying again.

## The first retry comes within this many milliseconds.
const BASE_MS: float = 250.0
## No retry is put off by more than this many milliseconds, but where the server asked for later.
const CAP_MS: float = 30_000.0
## Milliseconds to wait at the least where the server said that it is too busy.
const BUSY_MS: int = 5_000


## Full jitter: anywhere between nothing and a ceiling that doubles with each attempt. [param attempt] is 0
## for the first retry.
static func full_jitter(attempt: int) -> int:
	return int(randf() * minf(CAP_MS, BASE_MS * pow(2.0, mini(attempt, 20))))
