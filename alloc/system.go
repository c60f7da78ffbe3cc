package alloc

var (
	_ Source   = (*System)(nil)
	_ Shrinker = (*System)(nil)
	_ GoMemory = (*System)(nil)
	_ Paged    = (*System)(nil)
)

// maxGoMemory is a page on most machines.
const maxGoMemory = 4096

// MaxGoMemory returns the size up to which ordinary Go memory serves as well.
func (s *System) MaxGoMemory() int { return maxGoMemory }

// PageSize returns the machine's page size.
func (s *System) PageSize() int { return s.page }

// wholePages rounds size up to a multiple of page.
func wholePages(size, page int) (int, error) {
	n := (size + page - 1) / page * page
	if n < size {
		return 0, errTooLarge
	}
	return n, nil
}
