package stdlib

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"go.starlark.net/starlark"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	_ "golang.org/x/image/webp" // Image.open reads it

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// channels are the bytes that a pixel of a mode takes.
var channels = map[string]int{"L": 1, "P": 1, "LA": 2, "RGB": 3, "RGBA": 4}

// maxPixels bounds the images that are made: the modules' own bound of what is no bomb.
const maxPixels = 178956970

// raster is an image's pixels, as PIL's modes have them.
type raster struct {
	mode          string
	width, height int
	pix           []byte
	palette       []byte // of mode P: red, green and blue of each index
}

// makeImaging is what PIL makes images of.
func makeImaging(*Modules) *native.Module {
	mod := native.NewModule("_imaging", "Parts of PIL.")
	define(mod, []function{
		{"decode(data, /)", "The format, mode, width, height, pixels and palette of an image's file.", decodeImage},
		{"identify(data, /)", "The format, mode, width and height that a file begins with.", identifyImage},
		{"encode(format, mode, width, height, pixels, palette, quality, /)", "An image as a file.", encodeImage},
		{"resize(width, height, channels, pixels, new_width, new_height, resample, x0, y0, x1, y1, /)", "The pixels of a part of an image in another size.", func(c *call) (starlark.Value, error) {
			return resizeImage(c)
		}},
	})
	return mod
}

func imagePixels(c *call, width, height, size int) error {
	if c.Err != nil {
		return c.Err
	}
	if width < 0 || height < 0 || width > 0 && height > maxPixels/width {
		return object.Errorf(object.ValueError, "image of %d x %d pixels: above %d pixels", width, height, maxPixels)
	}
	return object.GrowTimes(c.Thread, width*height, size)
}

func identifyImage(c *call) (starlark.Value, error) {
	data := c.Bytes(0)
	if c.Err != nil {
		return nil, c.Err
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, object.Errorf(object.ValueError, "cannot identify image: %s", err)
	}
	return starlark.Tuple{starlark.String(format), starlark.String(modeOf(config.ColorModel)), starlark.MakeInt(config.Width), starlark.MakeInt(config.Height)}, nil
}

func modeOf(m color.Model) string {
	switch m {
	case color.GrayModel, color.Gray16Model:
		return "L"
	case color.RGBAModel, color.RGBA64Model, color.YCbCrModel:
		return "RGB"
	case color.NRGBAModel, color.NRGBA64Model, color.NYCbCrAModel:
		return "RGBA"
	}
	if _, ok := m.(color.Palette); ok {
		return "P"
	}
	return "RGB"
}

func decodeImage(c *call) (starlark.Value, error) {
	data := c.Bytes(0)
	if c.Err != nil {
		return nil, c.Err
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil {
		err = imagePixels(c, config.Width, config.Height, 8)
	}
	if err != nil {
		return nil, err
	}
	var format string
	img, err := object.Aside(c.Thread, func() (r raster, err error) {
		var made image.Image
		if made, format, err = image.Decode(bytes.NewReader(data)); err != nil {
			return r, object.Errorf(object.OSError, "broken data stream when reading image file: %s", err)
		}
		return rasterOf(made)
	})
	if err != nil {
		return nil, err
	}
	return starlark.Tuple{starlark.String(format), starlark.String(img.mode), starlark.MakeInt(img.width), starlark.MakeInt(img.height), starlark.Bytes(img.pix), starlark.Bytes(img.palette)}, nil
}

// rasterOf gives an image's pixels in the mode that PIL has for such.
func rasterOf(img image.Image) (raster, error) {
	b := img.Bounds()
	r := raster{width: b.Dx(), height: b.Dy()}
	rows := func(mode string, pix []byte, stride int) raster {
		r.mode = mode
		n := r.width * channels[mode]
		for y := range r.height {
			r.pix = append(r.pix, pix[y*stride:y*stride+n]...)
		}
		return r
	}
	switch m := img.(type) {
	case *image.Gray:
		return rows("L", m.Pix, m.Stride), nil
	case *image.NRGBA:
		return rows("RGBA", m.Pix, m.Stride), nil
	case *image.Paletted:
		for _, p := range m.Palette {
			n := color.NRGBAModel.Convert(p).(color.NRGBA)
			if n.A != 255 { // transparency is a channel's, not the palette's
				return pixelwise(r, img, "RGBA"), nil
			}
			r.palette = append(r.palette, n.R, n.G, n.B)
		}
		return rows("P", m.Pix, m.Stride), nil
	case *image.Gray16, *image.RGBA64, *image.NRGBA64:
		return r, object.Errorf(object.NotImplementedError, "PIL: images of 16 bits a channel are not supported")
	case *image.CMYK:
		return r, object.Errorf(object.NotImplementedError, "PIL: images of mode CMYK are not supported")
	case *image.NYCbCrA:
		return pixelwise(r, img, "RGBA"), nil
	}
	return pixelwise(r, img, "RGB"), nil
}

// pixelwise converts pixel by pixel.
func pixelwise(r raster, img image.Image, mode string) raster {
	b := img.Bounds()
	r.mode, r.palette = mode, nil
	r.pix = make([]byte, 0, r.width*r.height*channels[mode])
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			n := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			r.pix = append(r.pix, n.R, n.G, n.B)
			if mode == "RGBA" {
				r.pix = append(r.pix, n.A)
			}
		}
	}
	return r
}

// image is the raster as Go's image packages have it.
func (r raster) image() image.Image {
	rect := image.Rect(0, 0, r.width, r.height)
	switch r.mode {
	case "L":
		return &image.Gray{Pix: r.pix, Stride: r.width, Rect: rect}
	case "P":
		palette := make(color.Palette, 0, 256)
		for i := 0; i+2 < len(r.palette) && len(palette) < 256; i += 3 {
			palette = append(palette, color.NRGBA{r.palette[i], r.palette[i+1], r.palette[i+2], 255})
		}
		return &image.Paletted{Pix: r.pix, Stride: r.width, Rect: rect, Palette: palette}
	case "RGBA":
		return &image.NRGBA{Pix: r.pix, Stride: 4 * r.width, Rect: rect}
	}
	out := image.NewNRGBA(rect)
	n := channels[r.mode]
	for i := 0; i < r.width*r.height; i++ {
		p, q := r.pix[i*n:i*n+n], out.Pix[4*i:4*i+4]
		if n == 2 {
			q[0], q[1], q[2], q[3] = p[0], p[0], p[0], p[1]
		} else {
			q[0], q[1], q[2], q[3] = p[0], p[1], p[2], 255
		}
	}
	return out
}

func encodeImage(c *call) (starlark.Value, error) {
	r := raster{mode: c.Str(1), width: c.Int(2), height: c.Int(3), pix: c.Bytes(4), palette: c.Bytes(5)}
	format, quality := c.Str(0), c.Int(6)
	if err := imagePixels(c, r.width, r.height, 8); err != nil {
		return nil, err
	}
	if n := channels[r.mode]; n == 0 || len(r.pix) != r.width*r.height*n {
		return nil, object.Errorf(object.ValueError, "encode: got %d bytes for an image of mode %s and %d x %d pixels", len(r.pix), r.mode, r.width, r.height)
	}
	if r.mode == "P" {
		last := byte(0)
		for _, p := range r.pix {
			last = max(last, p)
		}
		if int(last)*3+3 > len(r.palette) {
			return nil, object.Errorf(object.ValueError, "encode: pixel %d is above the palette's %d colours", last, len(r.palette)/3)
		}
	}
	return object.Aside(c.Thread, func() (starlark.Value, error) {
		var b bytes.Buffer
		var err error
		switch format {
		case "PNG":
			err = png.Encode(&b, r.image())
		case "JPEG":
			err = jpeg.Encode(&b, r.image(), &jpeg.Options{Quality: quality})
		case "GIF":
			err = gif.Encode(&b, r.image(), nil)
		case "BMP":
			err = bmp.Encode(&b, r.image())
		case "TIFF":
			err = tiff.Encode(&b, r.image(), &tiff.Options{Compression: tiff.Uncompressed})
		default:
			err = object.Errorf(object.NotImplementedError, "PIL: writing %s is not supported", format)
		}
		if err != nil {
			return nil, osError(err)
		}
		return starlark.Bytes(b.String()), nil
	})
}
