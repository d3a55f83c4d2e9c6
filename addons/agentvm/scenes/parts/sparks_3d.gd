@tool
extends RefCounted
## The particles of a working NPC in 3D.

const Figure = preload("npc_figure.gd")

static var _mesh: QuadMesh = null


## Makes particles; crowd_sparks.gd sets what is the same in 2D and 3D.
static func make() -> Node:
	if _mesh == null:
		_mesh = QuadMesh.new()
		_mesh.size = Vector2(0.075, 0.075)
		var material: StandardMaterial3D = StandardMaterial3D.new()
		material.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
		material.billboard_mode = BaseMaterial3D.BILLBOARD_PARTICLES
		material.vertex_color_use_as_albedo = true
		_mesh.material = material
	var sparks: CPUParticles3D = CPUParticles3D.new()
	sparks.mesh = _mesh
	sparks.direction = Vector3.UP
	sparks.gravity = Vector3(0.0, 0.5, 0.0)
	sparks.initial_velocity_min = 0.5
	sparks.initial_velocity_max = 1.0
	sparks.emission_shape = CPUParticles3D.EMISSION_SHAPE_BOX
	sparks.emission_box_extents = Vector3(0.3, 0.05, 0.12)
	var fade: Curve = Curve.new()
	fade.add_point(Vector2(0.0, 1.0))
	fade.add_point(Vector2(1.0, 0.0))
	sparks.scale_amount_curve = fade
	sparks.cast_shadow = GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
	return sparks


## Puts a figure's particles to where it is.
static func place(figure: Figure) -> void:
	var node: Node3D = figure.node
	var sparks: CPUParticles3D = figure.sparks
	sparks.global_position = node.global_transform * Vector3(0.0, 0.75, -0.5)
