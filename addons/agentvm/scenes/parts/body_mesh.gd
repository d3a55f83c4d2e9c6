@tool
extends RefCounted
## The one body of all NPCs in 3D: a few hundred triangles, made once, drawn for all of them in one call.
##
## The shader finds in UV which part of the body a corner belongs to, and what it is made of.

const SHADER: Shader = preload("npc_body.gdshader")
const SIDES: int = 8
## The angle of what is in front, around the upright axis.
const FRONT: float = -PI / 2.0
## How tall the body is, in metres.
const HEIGHT: float = 1.42

## Metres that the ring at its feet lies above the ground, clear of rugs.
const GROUND_HEIGHT: float = 0.03

const TORSO: float = 0.0
const HEAD: float = 1.0
const LEFT_ARM: float = 2.0
const RIGHT_ARM: float = 3.0
const GROUND: float = 4.0

const TINTED: float = 0.0
const LIGHT: float = 1.0
const DARK: float = 2.0
const BRIGHT: float = 3.0

static var _mesh: ArrayMesh = null


## The mesh, with its material.
static func shared() -> ArrayMesh:
	if _mesh == null:
		_mesh = _build()
	return _mesh


## A material for it, with the shader's own settings.
static func new_material() -> ShaderMaterial:
	var material: ShaderMaterial = ShaderMaterial.new()
	material.shader = SHADER
	return material


static func _build() -> ArrayMesh:
	var tool: SurfaceTool = SurfaceTool.new()
	tool.begin(Mesh.PRIMITIVE_TRIANGLES)
	_lathe(tool, TORSO, TINTED, [Vector2(0.2, 0.0), Vector2(0.29, 0.1), Vector2(0.27, 0.5), Vector2(0.17, 0.8), Vector2(0.0, 0.84)])
	_lathe(tool, HEAD, LIGHT, [Vector2(0.1, 0.84), Vector2(0.26, 0.94), Vector2(0.29, 1.12), Vector2(0.22, 1.33), Vector2(0.0, 1.4)])
	# A visor that lies on the front of the head, and two eyes on it.
	_lathe(tool, HEAD, DARK, [Vector2(0.295, 1.03), Vector2(0.31, 1.12), Vector2(0.273, 1.23)], FRONT - PI / 4.0, FRONT + PI / 4.0, 2)
	for middle: float in [FRONT - 0.36, FRONT + 0.36]:
		_lathe(tool, HEAD, BRIGHT, [Vector2(0.312, 1.08), Vector2(0.325, 1.12), Vector2(0.312, 1.17)], middle - 0.13, middle + 0.13, 1)
	_box(tool, LEFT_ARM, TINTED, Vector3(-0.32, 0.54, 0.0), Vector3(0.11, 0.38, 0.13))
	_box(tool, LEFT_ARM, LIGHT, Vector3(-0.32, 0.31, 0.0), Vector3(0.12, 0.1, 0.14))
	_box(tool, RIGHT_ARM, TINTED, Vector3(0.32, 0.54, 0.0), Vector3(0.11, 0.38, 0.13))
	_box(tool, RIGHT_ARM, LIGHT, Vector3(0.32, 0.31, 0.0), Vector3(0.12, 0.1, 0.14))
	_ring(tool)
	tool.index()
	var mesh: ArrayMesh = tool.commit()
	mesh.surface_set_material(0, new_material())
	mesh.custom_aabb = AABB(Vector3(-0.6, -0.1, -0.6), Vector3(1.2, 2.4, 1.2))
	return mesh


static func _corner(tool: SurfaceTool, part: float, stuff: float, at: Vector3, normal: Vector3) -> void:
	tool.set_uv(Vector2(part, stuff))
	tool.set_normal(normal)
	tool.add_vertex(at)


static func _quad(tool: SurfaceTool, part: float, stuff: float, corners: PackedVector3Array, normals: PackedVector3Array) -> void:
	for index: int in [0, 1, 2, 0, 2, 3]:
		_corner(tool, part, stuff, corners[index], normals[index])


static func _lathe(
	tool: SurfaceTool,
	part: float,
	stuff: float,
	profile: Array[Vector2],
	start: float = 0.0,
	end: float = TAU,
	sides: int = SIDES,
) -> void:
	for band: int in profile.size() - 1:
		var low: Vector2 = profile[band]
		var high: Vector2 = profile[band + 1]
		var slope: Vector2 = Vector2(high.y - low.y, low.x - high.x).normalized()
		for side: int in sides:
			var from: float = lerpf(start, end, float(side) / sides)
			var to: float = lerpf(start, end, float(side + 1) / sides)
			var corners: PackedVector3Array = [
				_round(from, low), _round(to, low), _round(to, high), _round(from, high)
			]
			var normals: PackedVector3Array = [
				_slant(from, slope), _slant(to, slope), _slant(to, slope), _slant(from, slope)
			]
			_quad(tool, part, stuff, corners, normals)


static func _round(angle: float, ring: Vector2) -> Vector3:
	return Vector3(cos(angle) * ring.x, ring.y, sin(angle) * ring.x)


static func _slant(angle: float, slope: Vector2) -> Vector3:
	return Vector3(cos(angle) * slope.x, slope.y, sin(angle) * slope.x)


static func _box(tool: SurfaceTool, part: float, stuff: float, middle: Vector3, size: Vector3) -> void:
	var half: Vector3 = size / 2.0
	for axis: int in 3:
		for side: float in [-1.0, 1.0]:
			var normal: Vector3 = Vector3.ZERO
			normal[axis] = side
			var across: Vector3 = Vector3.ZERO
			across[(axis + 1) % 3] = half[(axis + 1) % 3]
			var along: Vector3 = Vector3.ZERO
			along[(axis + 2) % 3] = half[(axis + 2) % 3] * side
			var face: Vector3 = middle + normal * half[axis]
			var corners: PackedVector3Array = [
				face - across - along, face - across + along, face + across + along, face + across - along
			]
			_quad(tool, part, stuff, corners, [normal, normal, normal, normal])


static func _ring(tool: SurfaceTool) -> void:
	const PARTS: int = 16
	for side: int in PARTS:
		var from: float = TAU * side / PARTS
		var to: float = TAU * (side + 1) / PARTS
		var bands: Array[Vector3] = [Vector3(0.0, 0.36, DARK), Vector3(0.36, 0.42, TINTED)]
		for band: Vector3 in bands:
			var corners: PackedVector3Array = [
				Vector3(cos(from) * band.x, GROUND_HEIGHT, sin(from) * band.x),
				Vector3(cos(from) * band.y, GROUND_HEIGHT, sin(from) * band.y),
				Vector3(cos(to) * band.y, GROUND_HEIGHT, sin(to) * band.y),
				Vector3(cos(to) * band.x, GROUND_HEIGHT, sin(to) * band.x),
			]
			_quad(tool, GROUND, band.z, corners, [Vector3.UP, Vector3.UP, Vector3.UP, Vector3.UP])
