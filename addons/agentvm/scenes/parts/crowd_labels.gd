@tool
extends RefCounted
## The labels of a crowd: finds room for each, so that none covers another, and draws a few anew at each frame.

const Detail = preload("npc_detail.gd")
const Figure = preload("npc_figure.gd")
const Tag = preload("npc_tag.gd")

## Labels that are drawn anew in one frame at the most.
const TAGS_PER_FRAME: int = 6
## Seconds between two looks at which labels cover others.
const COVER_SECONDS: float = 0.25
## The raster in which labels are found to cover others, in pixels.
const COVER_CELL: Vector2 = Vector2(30.0, 24.0)
## Rows that a label may be lifted by, to stand clear of nearer ones.
const ROWS_MAX: int = 3

## What labels are drawn on, from back to front: shapes, text, and the same for what NPCs say.
var layers: Array[Node2D] = [Node2D.new(), Node2D.new(), Node2D.new(), Node2D.new()]
## From a point of the screen to one of what labels are drawn on.
var canvas: Transform2D = Transform2D.IDENTITY
## The size of the screen, of which no label leaves the sides.
var screen: Vector2 = Vector2.ZERO
## What is drawn at all: "low", "medium" or "high", as in the project settings.
var quality: String = "medium"

var _figures: Array[Figure] = []
var _next: int = 0
var _cover_in: float = 0.0
# The cells of the screen that labels cover.
var _taken: Dictionary[Vector2i, bool] = {}


## Draws the labels of these figures, also when others come or go.
func _init(figures: Array[Figure] = []) -> void:
	_figures = figures


## Does the work of one frame.
func update(delta: float) -> void:
	_cover_in -= delta
	if _cover_in <= 0.0:
		_cover_in = COVER_SECONDS
		_find_room()
	_draw_tags()


## Puts a label to where its figure is on the screen.
func place(figure: Figure) -> void:
	figure.tag.set_visible(figure.is_on_screen)
	if figure.is_on_screen:
		figure.tag.place(canvas * _foot_of(figure, figure.row, figure.tag.rect.size.x), canvas.get_scale().x)


## Has a label drawn anew when it is to show more or less.
func freshen(figure: Figure) -> void:
	if figure.tag != null and figure.wanted_tag() != figure.tag.amount:
		figure.is_stale = true


## The part of the screen that a label takes, without what the NPC says.
func bounds(figure: Figure) -> Rect2:
	var rect: Rect2 = figure.tag.rect
	return Rect2(rect.position + _foot_of(figure, figure.row, rect.size.x), rect.size)


## The middle of a label's lower edge on the screen: above the body, in some row, but inside of the screen's sides.
func _foot_of(figure: Figure, row: int, width: float) -> Vector2:
	var half: float = minf(width, screen.x) / 2.0
	return Vector2(clampf(figure.anchor.x, half, screen.x - half), figure.anchor.y - row * COVER_CELL.y)


## The nearest figures come first: they may be drawn in full, and others make room for their labels. A label that
## is in the way of none stays; else it stands a row higher, or shows the shape of its state alone, or nothing. What
## is said is shown where it covers nothing.
func _find_room() -> void:
	var order: Array[Figure] = _figures.filter(func(figure: Figure) -> bool: return figure.is_on_screen)
	order.sort_custom(func(one: Figure, other: Figure) -> bool: return one.distance < other.distance)
	var full_max: int = Detail.FULL_MAX[quality]
	var names_max: int = Detail.NAMES_MAX[quality]
	_taken.clear()
	for index: int in order.size():
		var figure: Figure = order[index]
		figure.is_crowded = index >= full_max
		if figure.level == Detail.HIDDEN or not figure.has_label:
			continue
		var before: int = figure.row
		_take_place(figure, index < names_max)
		if figure.row != before:
			place(figure)
		freshen(figure)


func _take_place(figure: Figure, may_name: bool) -> void:
	var wanted: int = Tag.NAME if figure.level == Detail.LABEL_ONLY else Tag.WORDS
	var size: Vector2 = Vector2(figure.tag.width_of(figure.model, wanted), Tag.HEIGHT)
	var rows: int = 0
	if may_name or figure.is_pointed:
		rows = 1 if figure.is_crowded else ROWS_MAX
	for row: int in rows:
		var foot: Vector2 = _foot_of(figure, row, size.x)
		if _take_cells(foot, size) or figure.is_pointed:
			figure.row = row
			figure.room = Tag.WORDS
			var above: Vector2 = foot - Vector2(0.0, Tag.HEIGHT + Tag.SPEECH_GAP)
			if not figure.model.speech.is_empty() and _take_cells(above, figure.tag.speech_size(figure.model.speech)):
				figure.room = Tag.SPEECH
			return
	figure.row = 0
	var shape: Vector2 = Vector2(Tag.HEIGHT, Tag.HEIGHT)
	figure.room = Tag.SHAPE if _take_cells(_foot_of(figure, 0, shape.x), shape) else Tag.NONE


## Takes the part of the screen whose lower edge has its middle at [param foot], if none of it is taken.
func _take_cells(foot: Vector2, size: Vector2) -> bool:
	var from: Vector2i = Vector2i(((foot - Vector2(size.x / 2.0, size.y)) / COVER_CELL).floor())
	var to: Vector2i = Vector2i(((foot + Vector2(size.x / 2.0, 0.0)) / COVER_CELL).floor())
	for y: int in range(from.y, to.y + 1):
		for x: int in range(from.x, to.x + 1):
			if _taken.has(Vector2i(x, y)):
				return false
	for y: int in range(from.y, to.y + 1):
		for x: int in range(from.x, to.x + 1):
			_taken[Vector2i(x, y)] = true
	return true


func _draw_tags() -> void:
	var left: int = TAGS_PER_FRAME
	# From another one at each frame, so that none waits for ever.
	_next += 1
	for index: int in _figures.size():
		var figure: Figure = _figures[(index + _next) % _figures.size()]
		if not figure.is_stale:
			continue
		figure.is_stale = false
		figure.tag.draw(figure.model, figure.wanted_tag(), figure.is_pointed)
		place(figure)
		left -= 1
		if left == 0:
			return
