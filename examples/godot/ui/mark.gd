extends Control
## A small shape that says how something stands, for fonts have few such signs in common.

enum Shape { DOT, RING, WAIT, PLAY, CHECK, CROSS, BAR }

const STROKE: float = 2.0

var shape: Shape = Shape.DOT
var color: Color = Color.WHITE


func _init() -> void:
	custom_minimum_size = Vector2(14.0, 14.0)
	size_flags_vertical = Control.SIZE_SHRINK_CENTER
	mouse_filter = Control.MOUSE_FILTER_IGNORE


func _draw() -> void:
	var c: Vector2 = size / 2.0
	match shape:
		Shape.DOT:
			draw_circle(c, 5.0, color, true, -1.0, true)
		Shape.RING:
			draw_circle(c, 4.5, color, false, STROKE, true)
		Shape.WAIT:
			for x: float in [-5.0, 0.0, 5.0]:
				draw_circle(c + Vector2(x, 0.0), 1.6, color, true, -1.0, true)
		Shape.PLAY:
			draw_colored_polygon([c + Vector2(-3.5, -5.0), c + Vector2(5.0, 0.0), c + Vector2(-3.5, 5.0)], color)
		Shape.CHECK:
			draw_polyline([c + Vector2(-5.0, 0.5), c + Vector2(-1.5, 4.0), c + Vector2(5.0, -4.0)], color, STROKE, true)
		Shape.CROSS:
			draw_line(c + Vector2(-4.0, -4.0), c + Vector2(4.0, 4.0), color, STROKE, true)
			draw_line(c + Vector2(4.0, -4.0), c + Vector2(-4.0, 4.0), color, STROKE, true)
		Shape.BAR:
			draw_line(c + Vector2(-4.5, 0.0), c + Vector2(4.5, 0.0), color, STROKE, true)


## Shows another shape.
func show_shape(p_shape: Shape, p_color: Color) -> void:
	if shape != p_shape or color != p_color:
		shape = p_shape
		color = p_color
		queue_redraw()
