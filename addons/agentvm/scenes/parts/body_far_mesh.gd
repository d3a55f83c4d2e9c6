@tool
extends RefCounted
## The body of an NPC that is far or one of many: torso, head and visor, cut out flat. The shader npc_body_far.gdshader
## turns it to whoever looks.

const TORSO: float = 0.0
const HEAD: float = 1.0
const VISOR: float = 2.0

var _corners: PackedVector3Array = []
var _normals: PackedVector3Array = []
var _offsets: PackedVector2Array = []
var _stuffs: PackedVector2Array = []
var _indices: PackedInt32Array = []


## One body, as the arrays of a surface.
static func arrays() -> Array:
	return new()._build()


func _build() -> Array:
	# Upright, and round at its foot as far as it is seen from above.
	_fan(
		TORSO,
		[0.04, 0.04, 0.04, 0.04, 0.84, 0.84],
		[
			Vector2(0.31, 0.0), Vector2(0.17, -0.26), Vector2(-0.17, -0.26), Vector2(-0.31, 0.0),
			Vector2(-0.18, 0.0), Vector2(0.18, 0.0),
		],
		0.3,
	)
	var round_head: PackedVector2Array = []
	var heights: PackedFloat32Array = []
	for corner: int in 7:
		round_head.append(Vector2.from_angle(-TAU * corner / 7.0 - TAU / 28.0) * 0.3)
		heights.append(1.11)
	_fan(HEAD, heights, round_head, 0.3)
	var first: int = _corners.size()
	for corner: Vector2 in [Vector2(-0.8, 1.04), Vector2(-0.8, 1.2), Vector2(0.8, 1.2), Vector2(0.8, 1.04)]:
		_corner(VISOR, Vector3(sin(corner.x) * 0.29, corner.y, -cos(corner.x) * 0.29), Vector2.ZERO, Vector3.BACK)
	_indices.append_array([first, first + 2, first + 1, first, first + 3, first + 2])
	var made: Array = []
	made.resize(Mesh.ARRAY_MAX)
	made[Mesh.ARRAY_VERTEX] = _corners
	made[Mesh.ARRAY_NORMAL] = _normals
	made[Mesh.ARRAY_TEX_UV] = _offsets
	made[Mesh.ARRAY_TEX_UV2] = _stuffs
	made[Mesh.ARRAY_INDEX] = _indices
	return made


## A flat shape whose corners go round as a clock's hand does.
func _fan(stuff: float, heights: PackedFloat32Array, offsets: PackedVector2Array, radius: float) -> void:
	var first: int = _corners.size()
	for index: int in offsets.size():
		var out: Vector2 = offsets[index] / radius
		_corner(stuff, Vector3(0.0, heights[index], 0.0), offsets[index], Vector3(out.x, out.y, 0.55).normalized())
	for index: int in range(1, offsets.size() - 1):
		_indices.append_array([first, first + index, first + index + 1])


func _corner(stuff: float, at: Vector3, offset: Vector2, normal: Vector3) -> void:
	_corners.append(at)
	_normals.append(normal)
	_offsets.append(offset)
	_stuffs.append(Vector2(0.0, stuff))
