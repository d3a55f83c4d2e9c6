@tool
extends RefCounted
## The body of an NPC in 3D as it is seen from near, made once.
##
## The shader finds in UV which part of the body a corner belongs to, and what it is made of.

const SHADER: Shader = preload("npc_body.gdshader")
## How tall the body is, in metres.
const HEIGHT: float = 1.42
## Metres that the ring at its feet lies above the ground, clear of rugs.
const GROUND_HEIGHT: float = 0.03
## The angle of what is in front, around the upright axis.
const FRONT: float = -PI / 2.0

const TORSO: float = 0.0
const HEAD: float = 1.0
const LEFT_ARM: float = 2.0
const RIGHT_ARM: float = 3.0
const GROUND: float = 4.0

const TINTED: float = 0.0
const LIGHT: float = 1.0
const DARK: float = 2.0
const BRIGHT: float = 3.0

static var _fine: ArrayMesh = null

var _tool: SurfaceTool = SurfaceTool.new()


func _init() -> void:
	_tool.begin(Mesh.PRIMITIVE_TRIANGLES)


## One body: about two hundred triangles.
static func fine() -> ArrayMesh:
	if _fine == null:
		_fine = new()._build()
	return _fine


func _build() -> ArrayMesh:
	_lathe(TORSO, TINTED, [Vector2(0.2, 0.0), Vector2(0.29, 0.1), Vector2(0.27, 0.5), Vector2(0.17, 0.8), Vector2(0.0, 0.84)])
	_lathe(HEAD, LIGHT, [Vector2(0.1, 0.84), Vector2(0.26, 0.94), Vector2(0.29, 1.12), Vector2(0.22, 1.33), Vector2(0.0, 1.4)])
	# A visor that lies on the front of the head, and two eyes on it.
	_lathe(HEAD, DARK, [Vector2(0.295, 1.03), Vector2(0.31, 1.12), Vector2(0.273, 1.23)], 2, FRONT - PI / 4.0, FRONT + PI / 4.0)
	for middle: float in [FRONT - 0.36, FRONT + 0.36]:
		_lathe(HEAD, BRIGHT, [Vector2(0.312, 1.08), Vector2(0.325, 1.12), Vector2(0.312, 1.17)], 1, middle - 0.13, middle + 0.13)
	for side: float in [-1.0, 1.0]:
		var arm: float = LEFT_ARM if side < 0.0 else RIGHT_ARM
		_box(arm, TINTED, Vector3(side * 0.32, 0.54, 0.0), Vector3(0.11, 0.38, 0.13))
		_box(arm, LIGHT, Vector3(side * 0.32, 0.31, 0.0), Vector3(0.12, 0.1, 0.14))
	_ring(12)
	return _commit()


func _commit() -> ArrayMesh:
	_tool.index()
	var mesh: ArrayMesh = _tool.commit()
	var material: ShaderMaterial = ShaderMaterial.new()
	material.shader = SHADER
	mesh.surface_set_material(0, material)
	mesh.custom_aabb = AABB(Vector3(-0.6, -0.1, -0.6), Vector3(1.2, 2.4, 1.2))
	return mesh


func _corner(part: float, stuff: float, at: Vector3, normal: Vector3) -> void:
	_tool.set_uv(Vector2(part, stuff))
	_tool.set_normal(normal)
	_tool.add_vertex(at)


## Corners go round; two that are in the same place make a triangle.
func _quad(part: float, stuff: float, corners: PackedVector3Array, normals: PackedVector3Array) -> void:
	for triangle: Vector3i in [Vector3i(0, 1, 2), Vector3i(0, 2, 3)]:
		if corners[triangle[1]].is_equal_approx(corners[triangle[2]]):
			continue
		for index: int in 3:
			_corner(part, stuff, corners[triangle[index]], normals[triangle[index]])


## Turns a profile of radius and height around the upright axis, all the way or between two angles.
func _lathe(
	part: float,
	stuff: float,
	profile: Array[Vector2],
	sides: int = 8,
	start: float = 0.0,
	end: float = TAU,
) -> void:
	for band: int in profile.size() - 1:
		var low: Vector2 = profile[band]
		var high: Vector2 = profile[band + 1]
		var slope: Vector2 = Vector2(high.y - low.y, low.x - high.x).normalized()
		for side: int in sides:
			var from: float = lerpf(start, end, float(side) / sides)
			var to: float = lerpf(start, end, float(side + 1) / sides)
			_quad(
				part,
				stuff,
				[_around(from, low), _around(to, low), _around(to, high), _around(from, high)],
				[_around(from, slope), _around(to, slope), _around(to, slope), _around(from, slope)],
			)


func _around(angle: float, at: Vector2) -> Vector3:
	return Vector3(cos(angle) * at.x, at.y, sin(angle) * at.x)


func _box(part: float, stuff: float, middle: Vector3, size: Vector3) -> void:
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
			_quad(
				part,
				stuff,
				[face - across - along, face - across + along, face + across + along, face + across - along],
				[normal, normal, normal, normal],
			)


func _ring(sides: int) -> void:
	var up: PackedVector3Array = [Vector3.UP, Vector3.UP, Vector3.UP, Vector3.UP]
	for side: int in sides:
		var from: float = TAU * side / sides
		var to: float = TAU * (side + 1) / sides
		for band: Vector3 in [Vector3(0.0, 0.36, DARK), Vector3(0.36, 0.42, TINTED)]:
			var inner: Vector2 = Vector2(band.x, GROUND_HEIGHT)
			var outer: Vector2 = Vector2(band.y, GROUND_HEIGHT)
			# From the outside in, so that the middle is the pair of corners that falls together.
			_quad(
				GROUND,
				band.z,
				[_around(from, outer), _around(to, outer), _around(to, inner), _around(from, inner)],
				up,
			)
