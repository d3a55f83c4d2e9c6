@tool
extends "crowd.gd"
## The NPCs of a viewport in 3D: many bodies are one draw call, and their labels are drawn flat over the picture.

const BodyBatch = preload("body_batch.gd")
const BodyMesh = preload("body_mesh.gd")
const Sparks3D = preload("sparks_3d.gd")

const META: StringName = &"agentvm_crowd_3d"
## A body's height above its feet at which the label stands.
const LABEL_HEIGHT: float = BodyMesh.HEIGHT + 0.22

var _fine: Array[BodyBatch] = []
var _far: Array[BodyBatch] = []
var _camera: Camera3D = null
var _view: Transform3D = Transform3D()
var _view_size: Vector2 = Vector2.ZERO
var _lens: Vector3 = Vector3.ZERO


func _init() -> void:
	super(Sparks.new(Sparks3D.make, Sparks3D.place))
	var canvas: CanvasLayer = CanvasLayer.new()
	# Over the 3D picture and under everything flat that the game draws.
	canvas.layer = -1
	add_child(canvas)
	for layer: Node2D in labels.layers:
		canvas.add_child(layer)


func _process(delta: float) -> void:
	super(delta)
	for batch: BodyBatch in _fine + _far:
		batch.flush()


## The crowd of a viewport.
static func of_viewport(viewport: Viewport, script: GDScript) -> Node:
	return of(viewport, script, META)


func _look() -> bool:
	var viewport: Viewport = get_viewport()
	var camera: Camera3D = viewport.get_camera_3d()
	var view: Transform3D = camera.global_transform if camera != null else Transform3D()
	var size: Vector2 = viewport.get_visible_rect().size
	var lens: Vector3 = Vector3.ZERO
	if camera != null:
		lens = Vector3(camera.fov, camera.size, float(camera.projection))
	if camera == _camera and view == _view and size == _view_size and lens == _lens:
		return false
	_camera = camera
	_view = view
	_view_size = size
	labels.screen = size
	_lens = lens
	return true


func _see(figure: Figure) -> void:
	var node: Node3D = figure.node
	if not is_instance_valid(_camera) or not node.is_visible_in_tree():
		figure.is_on_screen = false
		return
	var at: Vector3 = node.global_position
	figure.distance = _view.origin.distance_to(at)
	if _camera.projection == Camera3D.PROJECTION_ORTHOGONAL:
		# All that an orthogonal camera sees is as large; how much it sees says how far it is.
		figure.distance = _camera.size
	var head: Vector3 = at + node.global_basis.y * LABEL_HEIGHT
	if _camera.is_position_behind(head):
		figure.is_on_screen = false
		return
	figure.anchor = _camera.unproject_position(head)
	figure.feet = _camera.unproject_position(at)
	figure.is_on_screen = Rect2(Vector2.ZERO, _view_size).grow(80.0).has_point(figure.anchor)


func _write_place(figure: Figure) -> void:
	var node: Node3D = figure.node
	node.position = figure.place
	node.rotation.y = figure.yaw


func _give_body(figure: Figure) -> void:
	var is_fine: bool = figure.level == Detail.FULL and not figure.is_crowded
	var batches: Array[BodyBatch] = _fine if is_fine else _far
	if batches.has(figure.batch):
		return
	_drop_body(figure)
	for batch: BodyBatch in batches:
		if batch.has_room():
			batch.add(figure)
			return
	var made: BodyBatch = BodyBatch.new(is_fine, is_smooth)
	var casts_shadow: bool = is_fine and quality == "high"
	made.cast_shadow = (
		GeometryInstance3D.SHADOW_CASTING_SETTING_ON if casts_shadow else GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
	)
	batches.append(made)
	add_child(made)
	made.add(figure)


func _drop_body(figure: Figure) -> void:
	if figure.batch != null:
		(figure.batch as BodyBatch).remove(figure)


func _draw_body(figure: Figure) -> void:
	if figure.batch != null:
		(figure.batch as BodyBatch).draw(figure)
