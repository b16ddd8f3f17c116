from epsnet_runtime.drawing.legend import draw_legend


def test_legend_wraps_to_the_width():
    entries = [(f'class {i}', (i, 0, 0)) for i in range(8)]
    one = draw_legend(entries[:1], 200, 0.5)
    many = draw_legend(entries, 200, 0.5)
    assert one.shape[1] == many.shape[1] == 200
    assert many.shape[0] > 2 * one.shape[0]


def test_swatches_have_their_color():
    drawn = draw_legend([('disc', (200, 100, 0)), ('sand', (0, 0, 255))], 300, 0.5)
    colors = {tuple(color) for color in drawn.reshape(-1, 3).tolist()}
    assert {(200, 100, 0), (0, 0, 255)} <= colors
