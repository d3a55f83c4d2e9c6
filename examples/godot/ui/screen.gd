extends RefCounted
## How large everything flat is drawn: as large as the window allows on a desk, and never too small for a finger.

## The window that the game is drawn for.
const USUAL: Vector2 = Vector2(1152.0, 648.0)
## The least size of what is drawn, as a share of the usual one, on a screen of usual density.
const LEAST: float = 0.75
## The same where the window is upright, as on a phone: there is height enough.
const LEAST_UPRIGHT: float = 0.9


## Fits the window's contents to its size, now and whenever that changes.
static func fit(window: Window) -> void:
	var update: Callable = func() -> void: window.content_scale_factor = factor(window.size, density())
	window.size_changed.connect(update)
	update.call()


## Pixels of the screen for one of what is drawn.
static func factor(size: Vector2, pixel_density: float) -> float:
	var least: float = LEAST_UPRIGHT if size.y > size.x else LEAST
	return maxf(minf(size.x / USUAL.x, size.y / USUAL.y), least * pixel_density)


## Pixels of the screen for one of a usual screen: a phone has two or three.
static func density() -> float:
	return maxf(1.0, DisplayServer.screen_get_scale())
