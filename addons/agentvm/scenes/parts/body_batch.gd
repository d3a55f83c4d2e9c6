@tool
extends MeshInstance3D
## The bodies of many NPCs in one draw call: one mesh with a copy of the body for each.
##
## Where each stands and how it looks is in a texture. It is no MultiMesh: a browser that draws in software draws
## each of its instances by itself, and Chromium, where WebGL goes over Vulkan, goes on drawing them as they were
## some frames ago, or half of each.

const BodyCopies = preload("body_copies.gd")
const Figure = preload("npc_figure.gd")
const FINE: Shader = preload("npc_body.gdshader")
const FAR: Shader = preload("npc_body_far.gdshader")

## Pixels of the texture for one body: three rows of its transform, and how it looks.
const PIXELS: int = 4
const FLOATS: int = PIXELS * 4
## A little of it in every colour, for no light would shape pure ones.
const PALE: Color = Color("cfd6da")
const PALE_SHARE: float = 0.18

var _is_fine: bool = true
# Who is drawn; a figure's slot is its place in here.
var _figures: Array[Figure] = []
var _data: PackedFloat32Array = []
var _image: Image = Image.create_empty(PIXELS, BodyCopies.MAX, false, Image.FORMAT_RGBAF)
var _texture: ImageTexture = ImageTexture.create_from_image(_image)
var _is_due: bool = false


## Draws bodies as they are seen from near, or else from afar.
func _init(is_fine: bool = true, has_motion: bool = true) -> void:
	_is_fine = is_fine
	visible = false
	# The renderer cannot know where the texture puts them.
	custom_aabb = AABB(Vector3.ONE * -10_000.0, Vector3.ONE * 20_000.0)
	var material: ShaderMaterial = ShaderMaterial.new()
	material.shader = FINE if is_fine else FAR
	if is_fine:
		material.set_shader_parameter(&"is_batch", true)
	material.set_shader_parameter(&"bodies", _texture)
	material.set_shader_parameter(&"motion", 1.0 if has_motion else 0.0)
	material_override = material
	# A body that is all zeros has no size.
	_data.resize(BodyCopies.MAX * FLOATS)


## Whether one more body can be drawn.
func has_room() -> bool:
	return _figures.size() < BodyCopies.MAX


## Draws a figure's body from now on; it must have none.
func add(figure: Figure) -> void:
	figure.batch = self
	figure.slot = _figures.size()
	_figures.append(figure)
	draw(figure)


## Draws a figure's body no more. The last one takes its place, so that no corner is worked out for nothing.
func remove(figure: Figure) -> void:
	var last: Figure = _figures.pop_back()
	if last != figure:
		last.slot = figure.slot
		_figures[last.slot] = last
		draw(last)
	for index: int in FLOATS:
		_data[_figures.size() * FLOATS + index] = 0.0
	_is_due = true
	figure.batch = null
	figure.slot = -1


## Takes how a figure's body is now; it is drawn so after [method flush].
func draw(figure: Figure) -> void:
	var at: Transform3D = (figure.node as Node3D).global_transform
	var turn: Basis = at.basis
	var from: int = figure.slot * FLOATS
	for row: int in 3:
		_data[from] = turn.x[row]
		_data[from + 1] = turn.y[row]
		_data[from + 2] = turn.z[row]
		_data[from + 3] = at.origin[row]
		from += 4
	# Fewer pixels are fewer reads for each corner: a colour is one whole number, pose and phase another.
	var tint: Color = figure.model.color.lerp(PALE, PALE_SHARE)
	_data[from] = tint.r8 * 65536.0 + tint.g8 * 256.0 + tint.b8
	_data[from + 1] = figure.pose + figure.phase * 0.99
	_data[from + 2] = figure.pose_amount
	_data[from + 3] = figure.lift
	_is_due = true


## Hands the renderer what changed since the last time.
func flush() -> void:
	if not _is_due:
		return
	_is_due = false
	visible = not _figures.is_empty()
	if visible:
		mesh = BodyCopies.mesh_for(_figures.size(), _is_fine)
	_image.set_data(PIXELS, BodyCopies.MAX, false, Image.FORMAT_RGBAF, _data.to_byte_array())
	_texture.update(_image)
