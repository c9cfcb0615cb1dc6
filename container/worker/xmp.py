"""The machine-readable mark of a generated picture, free and without a certificate.

Source: IPTC Photo Metadata Standard, Digital Source Type, and its vocabulary
http://cv.iptc.org/newscodes/digitalsourcetype/; XMP Specification Part 3, PNG (keyword, read-only
packet). It answers Art. 50(2) of the EU's AI Act as far as a mark that anyone can remove may.
"""

# What a PNG names its XMP by.
KEYWORD = "XML:com.adobe.xmp"
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = f"{VOCABULARY}trainedAlgorithmicMedia"
# A picture made on from another one, which may well be a photograph.
EDITED = f"{VOCABULARY}compositeWithTrainedAlgorithmicMedia"

_PACKET = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>
   <xmp:CreatorTool>spot-diffusion</xmp:CreatorTool>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def make_xmp(source: str = GENERATED) -> str:
    """Nothing of the recipe, no time, no place: the same for all pictures of one kind."""
    return _PACKET.format(source=source)
