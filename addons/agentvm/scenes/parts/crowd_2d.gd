@tool
extends "crowd.gd"
## The NPCs of a viewport in 2D. Bodies and labels are parts of one picture, which the renderer joins.

const Sparks2D = preload("sparks_2d.gd")

const META: StringName = &"agentvm_crowd_2d"
## Pixels of a level of detail that stand for a metre in 3D.
const PIXELS: float = 34.0
## Pixels from the feet to where the label stands.
const LABEL_HEIGHT: float = 74.0

var _view: Transform2D = Transform2D()
var _view_size: Vector2 = Vector2.ZERO
var _time: float = 0.0


func _init() -> void:
	super(Sparks.new(Sparks2D.make, Sparks2D.place))
	for layer: Node2D in labels.layers:
		layer.z_index = RenderingServer.CANVAS_ITEM_Z_MAX
		add_child(layer)


func _process(delta: float) -> void:
	_time += delta
	super(delta)
	if not is_smooth:
		return
	for figure: Figure in figures:
		# Only who is near moves its body all the time.
		if figure.slot >= 0 and figure.level == Detail.FULL and figure.is_on_screen and not figure.is_crowded:
			_draw_body(figure)


## The crowd of a viewport.
static func of_viewport(viewport: Viewport, script: GDScript) -> Node:
	return of(viewport, script, META)


func _look() -> bool:
	var viewport: Viewport = get_viewport()
	var view: Transform2D = viewport.canvas_transform
	var size: Vector2 = viewport.get_visible_rect().size
	if view == _view and size == _view_size:
		return false
	_view = view
	labels.canvas = view.affine_inverse()
	_view_size = size
	labels.screen = size
	return true


func _see(figure: Figure) -> void:
	var node: Node2D = figure.node
	var at: Vector2 = _view * node.global_position
	var zoom: float = _view.get_scale().x
	figure.feet = at
	figure.anchor = _view * (node.global_transform * Vector2(0.0, -LABEL_HEIGHT))
	# What is zoomed out is as far as what stands away from the middle.
	figure.distance = at.distance_to(_view_size / 2.0) / PIXELS + Detail.REACH[0] * (1.0 / maxf(zoom, 0.01) - 1.0)
	figure.distance = maxf(0.0, figure.distance)
	figure.is_on_screen = node.is_visible_in_tree() and Rect2(Vector2.ZERO, _view_size).grow(100.0).has_point(figure.anchor)


func _write_place(figure: Figure) -> void:
	(figure.node as Node2D).position = Vector2(figure.place.x, figure.place.y)


func _give_body(figure: Figure) -> void:
	if figure.slot >= 0:
		return
	figure.slot = 0
	_draw_body(figure)


func _drop_body(figure: Figure) -> void:
	if figure.slot < 0:
		return
	figure.slot = -1
	(figure.node as AgentNPC2D).draw_body(false, Transform2D(), 0.0)


func _draw_body(figure: Figure) -> void:
	if figure.slot < 0:
		return
	var t: float = _time + figure.phase * 10.0
	var up: float = -8.0 * figure.lift
	var tilt: float = 0.0
	var stretch: float = 1.0 + 0.015 * sin(t * 2.0)
	var raise: float = 0.0
	var much: float = figure.pose_amount
	match figure.pose:
		1:
			tilt = 0.08 * sin(t * 1.7) * much
		2:
			up -= absf(sin(t * 14.0)) * 1.6 * much
		3:
			tilt = 0.06 * sin(t * 6.0) * much
		4:
			up -= absf(sin(t * 9.0)) * 5.0 * much
			tilt = 0.09 * sin(t * 9.0) * much
		5:
			tilt = 0.1 * sin(t * 3.6) * much
		6:
			tilt = 0.12 * sin(t * 26.0) * much
		7:
			up -= absf(sin(t * 5.5)) * 16.0 * much
		8, 9:
			stretch = lerpf(stretch, 0.88, much)
		10:
			raise = much * (1.0 + 0.06 * sin(t * 3.2))
	var pose: Transform2D = Transform2D(tilt, Vector2(1.0, stretch), 0.0, Vector2(0.0, up))
	(figure.node as AgentNPC2D).draw_body(true, pose, figure.lift, raise)
