@tool
extends RefCounted
## What labels are drawn with: one picture with every shape, one font in one size. As long as nothing else is
## used, the renderer puts the labels of all NPCs into a handful of draw calls.

const ATLAS_PATH: String = "res://addons/agentvm/scenes/parts/npc_atlas.svg"
const CELL: float = 48.0
const FONT_SIZE: int = 13
const LINE_HEIGHT: float = 17.0

## Shapes of states that stand in the first row of the picture.
const SHAPES: int = 11
const UNKNOWN: Rect2 = Rect2(192.0, 48.0, 48.0, 48.0)
const SOLID: Rect2 = Rect2(534.0, 6.0, 36.0, 36.0)
const DISC: Rect2 = Rect2(0.0, 48.0, 48.0, 48.0)
const RING: Rect2 = Rect2(48.0, 48.0, 48.0, 48.0)
const TAIL: Rect2 = Rect2(100.0, 48.0, 40.0, 22.0)
const SHADOW: Rect2 = Rect2(144.0, 48.0, 48.0, 48.0)
const BODY: Rect2 = Rect2(0.0, 96.0, 96.0, 96.0)
const FACE: Rect2 = Rect2(96.0, 96.0, 96.0, 96.0)

const PANEL: Color = Color(0.086, 0.106, 0.129, 0.86)
const PANEL_POINTED: Color = Color(0.18, 0.22, 0.27, 0.96)
const PAPER: Color = Color("f4f1ea")
const INK: Color = Color("20262e")
const NAME: Color = Color("f2f4f6")
const WORD: Color = Color("b9c2cb")


static var _atlas: Texture2D = null


## The picture. Loaded when it is first needed: while a project is imported for the first time it is not there.
static func atlas() -> Texture2D:
	if _atlas == null:
		_atlas = load(ATLAS_PATH)
	return _atlas


## The font of labels: the one that the game's theme falls back to.
static func font() -> Font:
	return ThemeDB.fallback_font


## Where a state's shape is in the picture; a dot for a state that has none.
static func shape(index: int) -> Rect2:
	return UNKNOWN if index >= SHAPES else Rect2(index * CELL, 0.0, CELL, CELL)


## Draws a part of the picture.
static func put(item: RID, rect: Rect2, part: Rect2, color: Color) -> void:
	RenderingServer.canvas_item_add_texture_rect_region(item, rect, atlas().get_rid(), part, color)


## Draws a rectangle with round corners out of parts of the picture.
static func put_round(item: RID, rect: Rect2, radius: float, color: Color) -> void:
	var r: float = minf(radius, minf(rect.size.x, rect.size.y) / 2.0)
	var half: float = CELL / 2.0
	var quarter: Vector2 = Vector2(half, half)
	var corner: Vector2 = Vector2(r, r)
	var right: float = rect.end.x - r
	var bottom: float = rect.end.y - r
	put(item, Rect2(rect.position, corner), Rect2(DISC.position, quarter), color)
	put(item, Rect2(Vector2(right, rect.position.y), corner), Rect2(DISC.position + Vector2(half, 0.0), quarter), color)
	put(item, Rect2(Vector2(rect.position.x, bottom), corner), Rect2(DISC.position + Vector2(0.0, half), quarter), color)
	put(item, Rect2(Vector2(right, bottom), corner), Rect2(DISC.position + quarter, quarter), color)
	var inner: float = rect.size.x - 2.0 * r
	if inner > 0.0:
		put(item, Rect2(rect.position.x + r, rect.position.y, inner, rect.size.y), SOLID, color)
	var middle: float = rect.size.y - 2.0 * r
	if middle > 0.0:
		put(item, Rect2(rect.position.x, rect.position.y + r, r, middle), SOLID, color)
		put(item, Rect2(right, rect.position.y + r, r, middle), SOLID, color)
