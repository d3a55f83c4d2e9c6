@tool
extends MultiMeshInstance3D
## The bodies of many NPCs in one draw call.
##
## Where each stands and how it looks is in a texture, and not in the instances of the MultiMesh: in Chromium, WebGL
## over Vulkan goes on drawing instances as they were some frames ago, or half of each.

const BodyMesh = preload("body_mesh.gd")

const CAPACITY_MIN: int = 32
## Pixels of the texture for one body: three rows of its transform, colour and lift, pose.
const PIXELS: int = 5
const FLOATS: int = PIXELS * 4

var _data: PackedFloat32Array = []
var _image: Image = null
var _texture: ImageTexture = null
var _material: ShaderMaterial = null
var _is_due: bool = false


func _init() -> void:
	_material = BodyMesh.new_material()
	_material.set_shader_parameter(&"is_batch", true)
	material_override = _material
	var bodies: MultiMesh = MultiMesh.new()
	bodies.transform_format = MultiMesh.TRANSFORM_3D
	bodies.mesh = BodyMesh.shared()
	# The renderer cannot know where the texture puts them.
	bodies.custom_aabb = AABB(Vector3.ONE * -10_000.0, Vector3.ONE * 20_000.0)
	multimesh = bodies
	_grow(CAPACITY_MIN)
	set_count(0)


## Whether bodies move by themselves.
func set_motion(is_wanted: bool) -> void:
	_material.set_shader_parameter(&"motion", 1.0 if is_wanted else 0.0)


## Draws the first bodies alone.
func set_count(count: int) -> void:
	if count > multimesh.instance_count:
		_grow(multimesh.instance_count * 2)
	multimesh.visible_instance_count = count


## Says where a body is in the world and how it looks; it is drawn so after [method flush].
func set_body(index: int, at: Transform3D, color: Color, lift: float, pose: Vector3) -> void:
	var from: int = index * FLOATS
	var turn: Basis = at.basis
	for row: int in 3:
		_data[from] = turn.x[row]
		_data[from + 1] = turn.y[row]
		_data[from + 2] = turn.z[row]
		_data[from + 3] = at.origin[row]
		from += 4
	_data[from] = color.r
	_data[from + 1] = color.g
	_data[from + 2] = color.b
	_data[from + 3] = lift
	_data[from + 4] = pose.x
	_data[from + 5] = pose.y
	_data[from + 6] = pose.z
	_is_due = true


## Hands the renderer what was said since the last time.
func flush() -> void:
	if not _is_due:
		return
	_is_due = false
	_image.set_data(PIXELS, multimesh.instance_count, false, Image.FORMAT_RGBAF, _data.to_byte_array())
	_texture.update(_image)


func _grow(capacity: int) -> void:
	multimesh.instance_count = capacity
	for index: int in capacity:
		multimesh.set_instance_transform(index, Transform3D())
	_data.resize(capacity * FLOATS)
	_image = Image.create_empty(PIXELS, capacity, false, Image.FORMAT_RGBAF)
	_texture = ImageTexture.create_from_image(_image)
	_material.set_shader_parameter(&"bodies", _texture)
	_is_due = true
