@tool
extends Node
## All the NPCs of a viewport together: what costs time is done here for all of them, a few at each frame.
##
## It is made with the first NPC and goes with the last. What differs between 2D and 3D is in crowd_2d.gd and
## crowd_3d.gd.

const Detail = preload("npc_detail.gd")
const Figure = preload("npc_figure.gd")
const Settings = preload("../../core/settings.gd")
const Tag = preload("npc_tag.gd")

## Labels that are drawn anew in one frame at the most.
const TAGS_PER_FRAME: int = 6
## Figures whose distance is looked at in one frame, at the least.
const LEVELS_PER_FRAME: int = 8
## Seconds between two looks at which labels cover others.
const COVER_SECONDS: float = 0.25
## The raster in which labels are found to cover others, in pixels.
const COVER_CELL: Vector2 = Vector2(30.0, 24.0)
## Rows that a label may be lifted by, to stand clear of nearer ones.
const ROWS_MAX: int = 3
## A finger is no pixel.
const TOUCH_RADIUS: float = 22.0
## A press that moves farther than this, or lasts longer, is no click.
const CLICK_DISTANCE: float = 12.0
const CLICK_MS: int = 600

## Who is in it.
var figures: Array[Figure] = []
## What labels are drawn on, from back to front: shapes, text, and the same for what NPCs say.
var layers: Array[Node2D] = [Node2D.new(), Node2D.new(), Node2D.new(), Node2D.new()]

## What is drawn at all: "low", "medium" or "high", as in the project settings.
var quality: String = "medium"
## Whether movement is shown between two positions.
var is_smooth: bool = true
## Whether working agents show particles.
var has_particles: bool = true

var _turn: int = 0
var _frame: int = 0
var _cover_in: float = 0.0
# The cells of the screen that labels cover.
var _taken: Dictionary[Vector2i, bool] = {}
var _sparks: Array[Node] = []
var _pointed: Figure = null
var _is_pointer_new: bool = false
var _has_pointer: bool = false
var _pointer: Vector2 = Vector2.ZERO
var _pressed_at: Vector2 = Vector2.ZERO
var _pressed_ms: int = 0
var _meta: StringName = &""


func _init() -> void:
	process_priority = 1000
	process_mode = Node.PROCESS_MODE_ALWAYS
	quality = Settings.read_text(Settings.VISUAL_QUALITY)
	if not Detail.QUALITY.has(quality):
		quality = "medium"
	is_smooth = Settings.read_flag(Settings.ANIMATIONS)
	has_particles = Settings.read_flag(Settings.PARTICLES)


func _process(delta: float) -> void:
	_frame += 1
	var is_view_new: bool = _look()
	for index: int in figures.size():
		var figure: Figure = figures[index]
		var turns: int = 1 if figure.level <= Detail.NO_PARTICLES else 4
		var time: float = figure.time_for(delta, (_frame + index) % turns == 0)
		if time > 0.0 and figure.is_in_motion() and _may_walk(figure):
			if figure.advance(time, is_smooth):
				_write_place(figure)
		var has_moved: bool = _has_moved(figure)
		if has_moved or is_view_new:
			_see(figure)
			_place_tag(figure)
		if figure.settle(time, is_smooth) or has_moved:
			_draw_body(figure)
	_check_levels()
	_cover_in -= delta
	if _cover_in <= 0.0:
		_cover_in = COVER_SECONDS
		_find_room()
	_draw_tags()
	_point()


func _unhandled_input(event: InputEvent) -> void:
	if event is InputEventMouseMotion:
		_pointer = (event as InputEventMouseMotion).position
		_is_pointer_new = true
		_has_pointer = true
	elif event is InputEventMouseButton:
		var button: InputEventMouseButton = event
		if button.button_index == MOUSE_BUTTON_LEFT:
			_press(button.position, button.pressed)
	elif event is InputEventScreenTouch and not Input.is_emulating_mouse_from_touch():
		var touch: InputEventScreenTouch = event
		_press(touch.position, touch.pressed)


func _notification(what: int) -> void:
	if what == NOTIFICATION_WM_MOUSE_EXIT:
		_has_pointer = false
		_is_pointer_new = true


## Takes a figure in.
func join(figure: Figure) -> void:
	figure.tag = Tag.new(layers)
	figure.last_transform = null
	figure.level = Detail.HIDDEN
	figure.is_stale = true
	figure.is_restless = true
	figures.append(figure)
	if is_inside_tree():
		_look()
		_see(figure)
		_check_level(figure)


## Lets a figure go.
func leave(figure: Figure) -> void:
	_drop_body(figure)
	_take_sparks(figure)
	if _pointed == figure:
		_point_at(null)
	figures.erase(figure)
	figure.tag = null
	if figures.is_empty():
		_end_if_empty.call_deferred()


## The crowd of a viewport, made when there is none.
static func of(viewport: Viewport, script: GDScript, meta: StringName) -> Node:
	if viewport.has_meta(meta):
		var found: Variant = viewport.get_meta(meta)
		if is_instance_valid(found) and not (found as Node).is_queued_for_deletion():
			return found
	var crowd: Node = script.new()
	crowd.set("_meta", meta)
	viewport.set_meta(meta, crowd)
	# The viewport may be in the middle of taking in the NPC.
	viewport.add_child.call_deferred(crowd, false, Node.INTERNAL_MODE_BACK)
	return crowd


## The figure under a point of the screen; null where there is none.
func figure_at(point: Vector2) -> Figure:
	var found: Figure = null
	for figure: Figure in figures:
		if not figure.is_interactive or not figure.is_on_screen or figure.level == Detail.HIDDEN:
			continue
		if (found == null or figure.distance < found.distance) and _is_on(figure, point):
			found = figure
	return found


func _end_if_empty() -> void:
	if not figures.is_empty() or is_queued_for_deletion():
		return
	var viewport: Viewport = get_viewport() if is_inside_tree() else null
	if viewport != null and viewport.has_meta(_meta):
		viewport.remove_meta(_meta)
	queue_free()


func _is_on(figure: Figure, point: Vector2) -> bool:
	var tag: Rect2 = figure.tag.rect
	tag.position += figure.anchor - Vector2(0.0, figure.row * COVER_CELL.y)
	if tag.has_area() and tag.has_point(point):
		return true
	if not figure.has_body or figure.level > Detail.NO_PARTICLES:
		return false
	var nearest: Vector2 = Geometry2D.get_closest_point_to_segment(point, figure.anchor, figure.feet)
	var width: float = maxf(TOUCH_RADIUS, figure.anchor.distance_to(figure.feet) * 0.26)
	return nearest.distance_to(point) <= width


func _press(at: Vector2, is_down: bool) -> void:
	if is_down:
		_pressed_at = at
		_pressed_ms = Time.get_ticks_msec()
		return
	if _pressed_ms == 0 or Time.get_ticks_msec() - _pressed_ms > CLICK_MS or at.distance_to(_pressed_at) > CLICK_DISTANCE:
		return
	_pressed_ms = 0
	var found: Figure = figure_at(at)
	if found != null:
		get_viewport().set_input_as_handled()
		found.chosen.emit()


func _point() -> void:
	if not _is_pointer_new:
		return
	_is_pointer_new = false
	_point_at(figure_at(_pointer) if _has_pointer else null)


func _point_at(figure: Figure) -> void:
	if figure == _pointed:
		return
	if _pointed != null:
		_pointed.set_pointed(false)
	_pointed = figure
	if figure != null:
		figure.set_pointed(true)
	if get_viewport() == get_tree().root:
		Input.set_default_cursor_shape(Input.CURSOR_ARROW if figure == null else Input.CURSOR_POINTING_HAND)


func _check_levels() -> void:
	var count: int = figures.size()
	if count == 0:
		return
	var now: int = Time.get_ticks_msec()
	for turn: int in mini(count, maxi(LEVELS_PER_FRAME, ceili(count / 12.0))):
		_turn = (_turn + 1) % count
		var figure: Figure = figures[_turn]
		figure.model.expire(now)
		_check_level(figure)


func _check_level(figure: Figure) -> void:
	var reach: float = figure.reach * Detail.QUALITY[quality]
	figure.set_level(Detail.level_at(figure.distance, figure.level, reach))
	var wants_body: bool = figure.has_body and figure.level <= Detail.NO_PARTICLES and _is_shown(figure)
	if wants_body:
		_give_body(figure)
	else:
		_drop_body(figure)
	var wants_sparks: bool = (
		has_particles
		and wants_body
		and figure.is_on_screen
		and figure.level == Detail.FULL
		and not figure.is_crowded
		and figure.model.shown_state() == "coding"
		and not figure.is_walking()
	)
	if wants_sparks:
		_give_sparks(figure)
	else:
		_take_sparks(figure)
	_freshen(figure)


func _freshen(figure: Figure) -> void:
	if figure.tag != null and figure.wanted_tag() != figure.tag.amount:
		figure.is_stale = true


## The nearest figures come first: they may be drawn in full, and others make room for their labels. A label that
## is in the way of none stays; else it stands a row higher, or shows the shape of its state alone, or nothing. What
## is said is shown where it covers nothing.
func _find_room() -> void:
	var order: Array[Figure] = figures.filter(func(figure: Figure) -> bool: return figure.is_on_screen)
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
			_place_tag(figure)
		_freshen(figure)


func _take_place(figure: Figure, may_name: bool) -> void:
	var wanted: int = Tag.NAME if figure.level == Detail.LABEL_ONLY else Tag.WORDS
	var size: Vector2 = Vector2(figure.tag.width_of(figure.model, wanted), Tag.HEIGHT)
	var rows: int = 0
	if may_name or figure.is_pointed:
		rows = 1 if figure.is_crowded else ROWS_MAX
	for row: int in rows:
		var foot: Vector2 = figure.anchor - Vector2(0.0, row * COVER_CELL.y)
		if _take_cells(foot, size) or figure.is_pointed:
			figure.row = row
			figure.room = Tag.WORDS
			var above: Vector2 = foot - Vector2(0.0, Tag.HEIGHT + Tag.SPEECH_GAP)
			if not figure.model.speech.is_empty() and _take_cells(above, figure.tag.speech_size(figure.model.speech)):
				figure.room = Tag.SPEECH
			return
	figure.row = 0
	figure.room = Tag.SHAPE if _take_cells(figure.anchor, Vector2(Tag.HEIGHT, Tag.HEIGHT)) else Tag.NONE


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
	for index: int in figures.size():
		var figure: Figure = figures[(index + _frame) % figures.size()]
		if not figure.is_stale:
			continue
		figure.is_stale = false
		figure.tag.draw(figure.model, figure.wanted_tag(), figure.is_pointed)
		_place_tag(figure)
		left -= 1
		if left == 0:
			return


func _place_tag(figure: Figure) -> void:
	figure.tag.set_visible(figure.is_on_screen)
	if figure.is_on_screen:
		figure.tag.place(figure.anchor - Vector2(0.0, figure.row * COVER_CELL.y))


func _give_sparks(figure: Figure) -> void:
	if figure.sparks != null:
		_place_sparks(figure)
		return
	if _sparks.is_empty():
		if _sparks_made() >= Detail.PARTICLES_MAX[quality]:
			return
		var made: Node = _make_sparks()
		add_child(made)
		_sparks.append(made)
	figure.sparks = _sparks.pop_back()
	_place_sparks(figure)
	figure.sparks.set("color", figure.model.color.lightened(0.35))
	figure.sparks.set("emitting", true)


func _take_sparks(figure: Figure) -> void:
	if figure.sparks == null:
		return
	figure.sparks.set("emitting", false)
	_sparks.append(figure.sparks)
	figure.sparks = null


func _sparks_made() -> int:
	var count: int = _sparks.size()
	for figure: Figure in figures:
		if figure.sparks != null:
			count += 1
	return count


## Whether the view is another than at the last frame.
func _look() -> bool:
	return false


## Finds where a figure is on the screen, and how far.
func _see(_figure: Figure) -> void:
	pass


## Whether the node is somewhere else than at the last frame.
func _has_moved(_figure: Figure) -> bool:
	return false


## Whether the node is shown at all.
func _is_shown(_figure: Figure) -> bool:
	return false


## Whether time goes on for the node.
func _may_walk(figure: Figure) -> bool:
	return figure.node.can_process()


## Puts the node to where its figure is.
func _write_place(_figure: Figure) -> void:
	pass


## Sees to it that the body is drawn, as fine as the figure's level wants it.
func _give_body(_figure: Figure) -> void:
	pass


## Sees to it that the body is not drawn.
func _drop_body(_figure: Figure) -> void:
	pass


func _draw_body(_figure: Figure) -> void:
	pass


func _make_sparks() -> Node:
	return null


func _place_sparks(_figure: Figure) -> void:
	pass
