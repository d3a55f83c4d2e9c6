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


## Who waits for an answer comes first, and then the nearest: they may be drawn in full, and others make room for their
## labels. A label that is in the way of none stays; else it stands a row higher, or shows the shape of its state alone, or
## nothing. What is said is shown where it covers nothing; what is asked covers no label of others who ask.
func _find_room() -> void:
	var seen: Array[Figure] = _figures.filter(func(figure: Figure) -> bool: return figure.is_on_screen)
	seen.sort_custom(func(one: Figure, other: Figure) -> bool: return one.distance < other.distance)
	var order: Array[Figure] = seen.filter(_is_asking)
	var asking: int = order.size()
	if asking == 0:
		order = seen
	else:
		order.append_array(seen.filter(func(figure: Figure) -> bool: return not _is_asking(figure)))
	_taken.clear()
	for index: int in asking:
		_find_place(order[index], index)
	for index: int in order.size():
		if index >= asking:
			_find_place(order[index], index)
		_take_speech(order[index])
		freshen(order[index])


func _is_asking(figure: Figure) -> bool:
	return figure.model.state == "waiting"


func _find_place(figure: Figure, index: int) -> void:
	figure.is_crowded = index >= Detail.FULL_MAX[quality]
	if figure.level == Detail.HIDDEN or not figure.has_label:
		return
	var before: int = figure.row
	_take_place(figure, index < Detail.NAMES_MAX[quality])
	if figure.row != before:
		place(figure)


func _take_place(figure: Figure, may_name: bool) -> void:
	var size: Vector2 = _size_of(figure)
	var rows: int = 0
	if may_name or figure.is_pointed:
		rows = 1 if figure.is_crowded else ROWS_MAX
	for row: int in rows:
		if _take_cells(_cells_of(_foot_of(figure, row, size.x), size)) or figure.is_pointed:
			figure.row = row
			figure.room = Tag.WORDS
			return
	figure.row = 0
	var shape: Vector2 = Vector2(Tag.HEIGHT, Tag.HEIGHT)
	figure.room = Tag.SHAPE if _take_cells(_cells_of(_foot_of(figure, 0, shape.x), shape)) else Tag.NONE


## Takes the place above a label for what is said, if there is any.
func _take_speech(figure: Figure) -> void:
	if figure.room != Tag.WORDS or figure.model.speech.is_empty():
		return
	if figure.level == Detail.HIDDEN or not figure.has_label:
		return
	var size: Vector2 = _size_of(figure)
	var foot: Vector2 = _foot_of(figure, figure.row, size.x)
	var above: Vector2 = foot - Vector2(0.0, Tag.HEIGHT + Tag.SPEECH_GAP)
	# It begins in a cell in which its own label may end.
	if _take_cells(_cells_of(above, figure.tag.speech_size(figure.model.speech)), _cells_of(foot, size)):
		figure.room = Tag.SPEECH


func _size_of(figure: Figure) -> Vector2:
	var wanted: int = Tag.NAME if figure.level == Detail.LABEL_ONLY else Tag.WORDS
	return Vector2(figure.tag.width_of(figure.model, wanted), Tag.HEIGHT)


## The cells of a part of the screen whose lower edge has its middle at [param foot]: from the first to the last one.
func _cells_of(foot: Vector2, size: Vector2) -> Rect2i:
	var from: Vector2i = Vector2i(((foot - Vector2(size.x / 2.0, size.y)) / COVER_CELL).floor())
	var to: Vector2i = Vector2i(((foot + Vector2(size.x / 2.0, 0.0)) / COVER_CELL).floor())
	return Rect2i(from, to - from + Vector2i.ONE)


## Takes cells, if none of them is taken; those that are one's own already are not looked at.
func _take_cells(cells: Rect2i, own: Rect2i = Rect2i()) -> bool:
	for y: int in range(cells.position.y, cells.end.y):
		for x: int in range(cells.position.x, cells.end.x):
			if _taken.has(Vector2i(x, y)) and not own.has_point(Vector2i(x, y)):
				return false
	for y: int in range(cells.position.y, cells.end.y):
		for x: int in range(cells.position.x, cells.end.x):
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
