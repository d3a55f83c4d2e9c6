@tool
extends Node
## Finds which figure of a crowd is pointed at, clicked or tapped. What the game's interface takes does not reach it.

const Detail = preload("npc_detail.gd")
const Figure = preload("npc_figure.gd")
const Labels = preload("crowd_labels.gd")

## A finger is no pixel.
const TOUCH_RADIUS: float = 22.0
## Half of a body's width for its height on the screen.
const BODY_WIDTH: float = 0.26
## A press that moves farther than this, or lasts longer, is no click.
const CLICK_DISTANCE: float = 12.0
const CLICK_MS: int = 600
## Frames within which it is one all the same: a slow machine tells of both ends late.
const CLICK_FRAMES: int = 3

var _figures: Array[Figure] = []
var _labels: Labels = null
var _pointed: Figure = null
var _is_new: bool = false
var _is_here: bool = false
var _place: Vector2 = Vector2.ZERO
var _pressed_at: Vector2 = Vector2.ZERO
var _pressed_ms: int = 0
var _pressed_frame: int = 0


## Points at these figures and their labels, also when others come or go.
func _init(figures: Array[Figure] = [], labels: Labels = null) -> void:
	_figures = figures
	_labels = labels


func _unhandled_input(event: InputEvent) -> void:
	if event is InputEventMouseMotion:
		_place = (event as InputEventMouseMotion).position
		_is_new = true
		_is_here = true
	elif event is InputEventMouseButton:
		var button: InputEventMouseButton = event
		if button.button_index == MOUSE_BUTTON_LEFT:
			_press(button.position, button.pressed)
	elif event is InputEventScreenTouch and not Input.is_emulating_mouse_from_touch():
		var touch: InputEventScreenTouch = event
		_press(touch.position, touch.pressed)


func _notification(what: int) -> void:
	if what == NOTIFICATION_WM_MOUSE_EXIT:
		_is_here = false
		_is_new = true


## Looks what is pointed at, when the pointer has moved.
func update() -> void:
	if _is_new:
		_is_new = false
		_point_at(_figure_at(_place) if _is_here else null)


## Points at a figure no more that goes.
func forget(figure: Figure) -> void:
	if _pointed == figure:
		_point_at(null)


func _press(at: Vector2, is_down: bool) -> void:
	if is_down:
		_pressed_at = at
		_pressed_ms = Time.get_ticks_msec()
		_pressed_frame = Engine.get_process_frames()
		return
	if _pressed_ms == 0 or _is_long() or at.distance_to(_pressed_at) > CLICK_DISTANCE:
		return
	_pressed_ms = 0
	var found: Figure = _figure_at(at)
	if found != null:
		get_viewport().set_input_as_handled()
		found.chosen.emit()


func _is_long() -> bool:
	var frames: int = Engine.get_process_frames() - _pressed_frame
	return Time.get_ticks_msec() - _pressed_ms > CLICK_MS and frames > CLICK_FRAMES


func _point_at(figure: Figure) -> void:
	if figure == _pointed:
		return
	if _pointed != null:
		_pointed.set_pointed(false)
	_pointed = figure
	if figure != null:
		figure.set_pointed(true)
	if is_inside_tree() and get_viewport() == get_tree().root:
		Input.set_default_cursor_shape(Input.CURSOR_ARROW if figure == null else Input.CURSOR_POINTING_HAND)


## The nearest figure under a point of the screen; null where there is none.
func _figure_at(point: Vector2) -> Figure:
	var found: Figure = null
	for figure: Figure in _figures:
		if not figure.is_interactive or not figure.is_on_screen or figure.level == Detail.HIDDEN:
			continue
		if (found == null or figure.distance < found.distance) and _is_on(figure, point):
			found = figure
	return found


func _is_on(figure: Figure, point: Vector2) -> bool:
	var label: Rect2 = _labels.bounds(figure)
	if label.has_area() and label.has_point(point):
		return true
	if not figure.has_body or figure.level > Detail.NO_PARTICLES:
		return false
	var nearest: Vector2 = Geometry2D.get_closest_point_to_segment(point, figure.anchor, figure.feet)
	var width: float = maxf(TOUCH_RADIUS, figure.anchor.distance_to(figure.feet) * BODY_WIDTH)
	return nearest.distance_to(point) <= width
