@tool
extends RefCounted
## Meshes with many copies of a body, each made once. The second UV tells a corner which copy it belongs to.

const BodyFarMesh = preload("body_far_mesh.gd")
const BodyMesh = preload("body_mesh.gd")

## Copies in one mesh at the most.
const MAX: int = 128
## A mesh has a whole number of so many copies; what is not used of them costs next to nothing.
const STEP: int = 4

static var _fine: Dictionary[int, ArrayMesh] = {}
static var _far: Dictionary[int, ArrayMesh] = {}


## A mesh for so many bodies, as they are seen from near, or else from afar.
static func mesh_for(count: int, is_fine: bool) -> ArrayMesh:
	var size: int = mini(MAX, ceili(float(count) / STEP) * STEP)
	var made: Dictionary[int, ArrayMesh] = _fine if is_fine else _far
	if not made.has(size):
		made[size] = _make(BodyMesh.fine().surface_get_arrays(0) if is_fine else BodyFarMesh.arrays(), size)
	return made[size]


static func _make(one: Array, count: int) -> ArrayMesh:
	var corners: PackedVector3Array = one[Mesh.ARRAY_VERTEX]
	var normals: PackedVector3Array = one[Mesh.ARRAY_NORMAL]
	var first_uvs: PackedVector2Array = one[Mesh.ARRAY_TEX_UV]
	var stuffs: PackedVector2Array = []
	if one[Mesh.ARRAY_TEX_UV2] != null:
		stuffs = one[Mesh.ARRAY_TEX_UV2]
	stuffs.resize(corners.size())
	var indices: PackedInt32Array = one[Mesh.ARRAY_INDEX]
	var all_corners: PackedVector3Array = []
	var all_normals: PackedVector3Array = []
	var all_uvs: PackedVector2Array = []
	var all_copies: PackedVector2Array = []
	var all_indices: PackedInt32Array = []
	for copy: int in count:
		for index: int in indices:
			all_indices.append(copy * corners.size() + index)
		all_corners.append_array(corners)
		all_normals.append_array(normals)
		all_uvs.append_array(first_uvs)
		for stuff: Vector2 in stuffs:
			all_copies.append(Vector2(copy, stuff.y))
	var all: Array = []
	all.resize(Mesh.ARRAY_MAX)
	all[Mesh.ARRAY_VERTEX] = all_corners
	all[Mesh.ARRAY_NORMAL] = all_normals
	all[Mesh.ARRAY_TEX_UV] = all_uvs
	all[Mesh.ARRAY_TEX_UV2] = all_copies
	all[Mesh.ARRAY_INDEX] = all_indices
	var copies: ArrayMesh = ArrayMesh.new()
	copies.add_surface_from_arrays(Mesh.PRIMITIVE_TRIANGLES, all)
	return copies
