@tool
extends RefCounted
## The particles of a working NPC in 2D.

const Figure = preload("npc_figure.gd")
const Look = preload("npc_look.gd")

static var _texture: AtlasTexture = null


## Makes particles; crowd_sparks.gd sets what is the same in 2D and 3D.
static func make() -> Node:
	if _texture == null:
		_texture = AtlasTexture.new()
		_texture.atlas = Look.atlas()
		_texture.region = Look.SOLID
	var sparks: CPUParticles2D = CPUParticles2D.new()
	sparks.texture = _texture
	sparks.direction = Vector2.UP
	sparks.gravity = Vector2(0.0, -20.0)
	sparks.initial_velocity_min = 20.0
	sparks.initial_velocity_max = 45.0
	sparks.emission_shape = CPUParticles2D.EMISSION_SHAPE_RECTANGLE
	sparks.emission_rect_extents = Vector2(16.0, 3.0)
	sparks.scale_amount_min = 0.1
	sparks.scale_amount_max = 0.14
	return sparks


## Puts a figure's particles to where it is.
static func place(figure: Figure) -> void:
	var sparks: CPUParticles2D = figure.sparks
	sparks.global_position = (figure.node as Node2D).global_transform * Vector2(0.0, -40.0)
