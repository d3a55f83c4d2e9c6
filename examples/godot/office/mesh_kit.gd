extends RefCounted
## Puts a whole room into one mesh with coloured corners, which is one draw call.
##
## What stands still has its light painted into its colours: a phone, or a browser without a graphics card, then
## has next to nothing to work out.

## Where the light comes from, and how much of it falls on what faces it and on what does not.
const SUN: Vector3 = Vector3(0.43, 0.66, 0.62)
const SUN_SHARE: float = 0.42
const SKY_SHARE: float = 0.66

var _tool: SurfaceTool = SurfaceTool.new()


func _init() -> void:
	_tool.begin(Mesh.PRIMITIVE_TRIANGLES)


## A box that stands on [param base]; it is darker at its foot, where less light comes.
func box(base: Vector3, size: Vector3, color: Color, shade: float = 0.14) -> void:
	var half: Vector3 = size / 2.0
	var middle: Vector3 = base + Vector3(0.0, half.y, 0.0)
	for axis: int in 3:
		for side: float in [-1.0, 1.0]:
			if axis == 1 and side < 0.0:
				continue
			var normal: Vector3 = Vector3.ZERO
			normal[axis] = side
			var across: Vector3 = Vector3.ZERO
			across[(axis + 1) % 3] = half[(axis + 1) % 3]
			var along: Vector3 = Vector3.ZERO
			along[(axis + 2) % 3] = half[(axis + 2) % 3] * side
			var face: Vector3 = middle + normal * half[axis]
			_quad([face - across - along, face - across + along, face + across + along, face + across - along], normal, color, base.y, shade)


## A round body that stands on [param base] and grows or shrinks towards its top.
func cylinder(base: Vector3, height: float, low: float, high: float, color: Color, sides: int = 10) -> void:
	for side: int in sides:
		var from: Vector3 = _spoke(side, sides)
		var to: Vector3 = _spoke(side + 1, sides)
		var up: Vector3 = Vector3.UP * height
		var normal: Vector3 = (from + to).normalized() + Vector3.UP * (low - high) / maxf(height, 0.01)
		_quad([base + from * low, base + to * low, base + to * high + up, base + from * high + up], normal.normalized(), color, base.y, 0.14)
		_corner(base + up, Vector3.UP, color)
		_corner(base + from * high + up, Vector3.UP, color)
		_corner(base + to * high + up, Vector3.UP, color)


## A flat disc.
func disc(middle: Vector3, radius: float, color: Color, sides: int = 24) -> void:
	for side: int in sides:
		_corner(middle, Vector3.UP, color)
		_corner(middle + _spoke(side, sides) * radius, Vector3.UP, color)
		_corner(middle + _spoke(side + 1, sides) * radius, Vector3.UP, color)


## A soft shadow on the floor: dark in the middle and the floor's own colour at the rim, with nothing to blend.
func shadow(middle: Vector3, size: Vector2, floor_color: Color, rim: float = 0.3) -> void:
	var dark: Color = floor_color.darkened(0.3)
	var half: Vector3 = Vector3(size.x, 0.0, size.y) / 2.0
	var inner: Array[Vector3] = [Vector3(-1, 0, -1), Vector3(1, 0, -1), Vector3(1, 0, 1), Vector3(-1, 0, 1)]
	for index: int in 4:
		var one: Vector3 = inner[index] * half + middle
		var two: Vector3 = inner[(index + 1) % 4] * half + middle
		var one_out: Vector3 = inner[index] * (half + Vector3(rim, 0, rim)) + middle
		var two_out: Vector3 = inner[(index + 1) % 4] * (half + Vector3(rim, 0, rim)) + middle
		for corner: Array in [[middle, dark], [one, dark], [two, dark], [one, dark], [one_out, floor_color], [two_out, floor_color], [one, dark], [two_out, floor_color], [two, dark]]:
			var at: Vector3 = corner[0]
			var color: Color = corner[1]
			_corner(at, Vector3.UP, color)


## The mesh of all that was added.
func commit() -> ArrayMesh:
	_tool.index()
	var mesh: ArrayMesh = _tool.commit()
	var material: StandardMaterial3D = StandardMaterial3D.new()
	material.vertex_color_use_as_albedo = true
	material.vertex_color_is_srgb = true
	material.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	mesh.surface_set_material(0, material)
	return mesh


func _spoke(side: int, sides: int) -> Vector3:
	var angle: float = TAU * side / sides
	return Vector3(cos(angle), 0.0, sin(angle))


func _quad(corners: PackedVector3Array, normal: Vector3, color: Color, foot: float, shade: float) -> void:
	for index: int in [0, 1, 2, 0, 2, 3]:
		var at: Vector3 = corners[index]
		_corner(at, normal, color.darkened(shade) if is_equal_approx(at.y, foot) else color)


func _corner(at: Vector3, normal: Vector3, color: Color) -> void:
	var light: float = SKY_SHARE + SUN_SHARE * maxf(0.0, normal.dot(SUN.normalized()))
	_tool.set_color(Color(color.r * light, color.g * light, color.b * light))
	_tool.add_vertex(at)
